/** Longest function, in lines. */
const MAX_FUNCTION_LINES = 60;

type FunctionNode = Deno.lint.FunctionDeclaration | Deno.lint.FunctionExpression | Deno.lint.ArrowFunctionExpression;

/** The house's own lint rule: a function that does not fit on a screen does more than one thing. */
const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "function-length": {
      create(context) {
        const check = (node: FunctionNode) => {
          const lines = context.sourceCode.getText(node).split("\n").length;
          if (lines <= MAX_FUNCTION_LINES) return;
          context.report({
            node,
            message: `A function has at most ${MAX_FUNCTION_LINES} lines: this one has ${lines}`,
          });
        };
        return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
      },
    },
  },
};

export default plugin;
