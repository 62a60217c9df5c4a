/** The program's version, in one place: CHANGELOG, `--version`, pages and backups read it from here. */
export const VERSION = "0.1.0";
