import { slowestFiles } from "../../tools/slowest_files.ts";
import assert from "node:assert/strict";

const JUNIT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="5" failures="0" errors="0" time="9.0">
    <testsuite name="./tests/a_test.ts" tests="2" disabled="0" errors="0" failures="0">
        <testcase name="one is quick" classname="./tests/a_test.ts" time="0.250" line="3" col="6">
        </testcase>
        <testcase name="a &lt; b &gt; c" classname="./tests/a_test.ts" time="1.500" line="5" col="6">
        </testcase>
    </testsuite>
    <testsuite name="./tests/b_test.ts" tests="3" disabled="0" errors="0" failures="0">
        <testcase name="all" classname="./tests/b_test.ts" time="3.000" line="3" col="6">
        </testcase>
        <testcase name="all &gt; first" classname="./tests/b_test.ts" time="1.000" line="4" col="13">
        </testcase>
        <testcase name="all &gt; second" classname="./tests/b_test.ts" time="2.000" line="5" col="13">
            <failure message="no">no</failure>
        </testcase>
    </testsuite>
</testsuites>`;

Deno.test("files are told by what their tests took, the slowest first, steps not counted twice", () => {
  assert.deepEqual(slowestFiles(JUNIT), [
    { file: "tests/b_test.ts", seconds: 3, tests: 1 },
    { file: "tests/a_test.ts", seconds: 1.75, tests: 2 },
  ]);
  assert.deepEqual(slowestFiles(JUNIT, { most: 1 }).map(({ file }) => file), ["tests/b_test.ts"]);
});

Deno.test("a report without tests has no slowest file", () => {
  assert.deepEqual(slowestFiles('<testsuites name="deno test" tests="0"></testsuites>'), []);
});
