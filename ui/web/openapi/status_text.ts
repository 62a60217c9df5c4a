/** What a refusal means where its route does not say more. */
export const STATUS_TEXT: Readonly<Record<string, string>> = {
  "400": "The request is not understood",
  "401": "The login is missing or wrong; reads need it where DASH_AUTH is `all`",
  "403": "No login is configured, or the request comes from another site, or from a page without its token",
  "404": "There is nothing at this address",
  "408": "The body does not arrive in time",
  "409": "It does not fit what has become of it",
  "413": "The body is too long",
  "414": "The address is too long",
  "415": "The body is not sent as application/json",
  "421": "The host is neither an IP address nor a name of this server: see ALLOWED_HOSTS",
  "422": "The body says what cannot be",
  "429": "Too many wrong logins came from this address",
  "431": "The headers are too long",
  "500": "The answer could not be made; the log says why",
  "503": "The server cannot answer now",
};
