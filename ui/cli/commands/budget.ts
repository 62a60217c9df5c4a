import { formatMicros } from "../../../domain/money.ts";
import { budgetFromDollars } from "../../../domain/report/budget.ts";
import { setBudget } from "../../../jobs/actions/set_budget.ts";
import { budgetJson, budgetsJson } from "../../api/budget.ts";
import { formatMoment } from "../../words/format.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, formatTable, writeJson } from "../output.ts";
import type { Command } from "commander";

/** `tracker budget show|set`. */
export function budgetCommand(program: Command, context: CliContext): void {
  const budget = program.command("budget").description("show or set what may be spent in a cycle");
  budget.command("show").description("show the budget and all earlier ones, newest first")
    .option("--json", "print the budgets as JSON")
    .action((options: CommonOptions) => show(context, options));
  budget.command("set").description("set the budget of this cycle and the next ones")
    .argument("<dollars>", "an amount such as 20 or 19.99")
    .option("--json", "print the budget as JSON")
    .action((dollars: string, options: CommonOptions) => set(context, { dollars, ...options }));
}

async function show(context: CliContext, { json = false }: CommonOptions): Promise<void> {
  const { terminal } = context;
  await context.withServices({ echo: "warn" }, ({ stores, config }) => {
    const budgets = stores.budgets.list();
    if (json) writeJson(terminal, budgetsJson(budgets));
    else if (budgets.length === 0) terminal.write("No budget is set. Set one with 'tracker budget set 20'.\n");
    else {
      const rows = budgets.map(({ amount, setAt }, index) => [
        formatMicros(amount),
        formatMoment(setAt, config.timeZone),
        index === 0 ? "in force" : "",
      ]);
      terminal.write(formatTable(["budget", "since", ""], rows, { right: [0] }));
    }
    return Promise.resolve();
  });
}

async function set(context: CliContext, { dollars, json = false }: CommonOptions & { dollars: string }): Promise<void> {
  const amount = budgetFromDollars(dollars);
  await context.withServices({ echo: "warn" }, (services) => {
    const budget = setBudget(services, amount);
    if (json) writeJson(context.terminal, budgetJson(budget));
    else context.terminal.write(`The budget is now ${formatMicros(budget.amount)} a cycle.\n`);
    return Promise.resolve();
  });
}
