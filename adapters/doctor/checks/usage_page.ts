import { fail, ok, warn } from "../../../domain/doctor.ts";
import type { Check } from "../check.ts";

const WORDS = {
  dns: { is: "its host name is not found (DNS)", mend: "Check this machine's name server and CURSOR_USAGE_URL" },
  tls: { is: "no secure connection is possible (TLS)", mend: "Check this machine's clock and any proxy on the way" },
  refused: { is: "nothing listens there", mend: "Check CURSOR_USAGE_URL" },
  time_out: { is: "no answer in time", mend: "Check the network and any firewall on the way" },
  other: { is: "it cannot be reached", mend: "Check the network and CURSOR_USAGE_URL" },
} as const;

/** The way to the usage page: name, connection, certificate, answer. */
export const usagePage: Check = {
  name: "usage_page",
  title: "Usage page",
  async run({ config: { usageUrl }, siteAnswer }) {
    const answer = await siteAnswer();
    const { host } = usageUrl;
    if ("fault" in answer) {
      const { is, mend } = WORDS[answer.fault];
      return fail(`${host}: ${is}`, { why: `The request failed: ${answer.text}.`, mend });
    }
    const { status, tookMs } = answer;
    if (status >= 500) {
      const why = "The site has a fault of its own; this usually passes.";
      return warn(`${host} answers with status ${status}`, { why, mend: "tracker doctor" });
    }
    return ok(`${host} answers within ${tookMs} ms (status ${status})`);
  },
};
