/** What a file's tests took together. */
interface FileTime {
  /** Relative to the project's folder. */
  readonly file: string;
  readonly seconds: number;
  readonly tests: number;
}

const SUITE = /<testsuite name="(?:\.\/)?([^"]*)"[^>]*>(.*?)<\/testsuite>/gs;
const CASE = /<testcase name="([^"]*)"[^>]* time="([\d.]+)"/g;
/** Between a test's name and that of its step, whose time is the test's as well. */
const STEP = " &gt; ";

/** The files that took longest, by the JUnit report that `deno test` writes; the slowest first. */
export function slowestFiles(junit: string, { most = 10 }: { most?: number } = {}): FileTime[] {
  const files = [...junit.matchAll(SUITE)].map(([, file = "", cases = ""]) => {
    const all = [...cases.matchAll(CASE)].map(([, name = "", seconds]) => ({ name, seconds: Number(seconds) }));
    const tests = all.filter(({ name }) => !all.some((other) => name.startsWith(`${other.name}${STEP}`)));
    return { file, seconds: tests.reduce((sum, { seconds }) => sum + seconds, 0), tests: tests.length };
  });
  return files.sort((a, b) => b.seconds - a.seconds).slice(0, most);
}
