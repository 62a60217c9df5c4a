import SMTPConnection from "nodemailer/lib/smtp-connection";

/** Opens a connection, logs in where there is a login, and takes its leave. @throws what went wrong, or the signal's reason. */
export function checkLogin(
  options: ConstructorParameters<typeof SMTPConnection>[0],
  { login, signal }: { login: { user: string; pass: string } | null; signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  const connection = new SMTPConnection(options);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => {
    reject(signal.reason);
    connection.close();
  };
  signal.addEventListener("abort", stop, { once: true });
  const settle = (error?: Error | null) => {
    signal.removeEventListener("abort", stop);
    if (error) {
      reject(error);
      return connection.close();
    }
    connection.quit();
    resolve();
  };
  connection.on("error", settle);
  connection.once("end", () => reject(Object.assign(new Error("Connection closed"), { code: "ECONNECTION" })));
  connection.connect((error) => {
    if (error || login === null) return settle(error);
    connection.login({ credentials: login }, settle);
  });
  return promise;
}
