# The tracker with its own Chromium: `docker compose up -d`, or `docker build -t tracker .`
FROM docker.io/denoland/deno:bin-2.9.4 AS deno

FROM docker.io/library/debian:bookworm-slim AS build
COPY --from=deno /deno /usr/local/bin/deno
WORKDIR /src
COPY . .
# What `tracker --version` tells: docker build --build-arg COMMIT=$(git rev-parse --short HEAD) .
ARG COMMIT=
# The system's certificates count too, for networks that look into TLS.
ENV DENO_TLS_CA_STORE=system,mozilla
# Where Deno's download site is out of reach, its base binary can be mounted: --volume FOLDER:/denort:ro, with `denort` in it.
RUN if [ -x /denort/denort ]; then export DENORT_BIN=/denort/denort; fi; \
  COMMIT="$COMMIT" deno task compile --output /usr/local/bin/tracker

FROM docker.io/library/debian:bookworm-slim
# Fonts, as a page without any has no width; tini, as a browser leaves processes that somebody has to reap.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates chromium fonts-liberation fonts-noto-color-emoji tini tzdata \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --home-dir /app --shell /usr/sbin/nologin tracker \
  && install -d -m 0755 /app \
  && install -d -o tracker -g tracker -m 0700 /app/data /app/profile
COPY --from=build /usr/local/bin/tracker /usr/local/bin/tracker
# The folders of compose.yaml's volumes. Any user id may run it, also one without a home. The container confines the
# browser where the engine does not let it make a sandbox of its own.
ENV HOME=/tmp \
  DATA_DIR=/app/data \
  USER_DATA_DIR=/app/profile \
  BROWSER_PATH=/usr/bin/chromium \
  BROWSER_SANDBOX=auto \
  BIND=0.0.0.0:8787
USER tracker
WORKDIR /app
VOLUME ["/app/data", "/app/profile"]
EXPOSE 8787
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=1m --timeout=10s --start-period=20s --retries=3 CMD ["tracker", "health"]
ENTRYPOINT ["tini", "--", "tracker"]
CMD ["serve"]
