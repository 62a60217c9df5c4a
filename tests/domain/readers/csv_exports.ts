/**
 * Overlapping exports of one account, by hand. Eight events in truth: two of them are equal (10:00 on the 2nd), an
 * errored one has a cost that is not charged, and one (the 5th) has no tokens in any export.
 */
export const CSV_EXPORTS: Readonly<Record<string, string>> = {
  // Totals only; the first four events.
  "a-details.csv": `Date,User,Kind,Max Mode,Model,Tokens,Cost ($)
2025-08-02T10:00:00.000Z,You,Included in Pro,No,auto,100,Included
2025-08-02T10:00:00.000Z,You,Included in Pro,No,auto,100,Included
2025-08-01T09:30:00.500Z,You,Usage-based,Yes,model-b,3000,0.30
2025-08-01T09:00:00.000Z,You,Included in Pro,No,auto,40,Included
`,
  // The four kinds of tokens; from the second to the sixth.
  "b-tokens.csv":
    `Date,User,Kind,Model,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output,Total Tokens,Cost ($)
2025-08-05T08:00:00.000Z,You,"Errored, No Charge",model-b,,,,,,Free
2025-08-03T08:00:00.000Z,You,"Errored, Not Charged",model-b,0,10,0,5,15,4.11
2025-08-02T10:00:00.000Z,You,Included in Pro,auto,10,20,30,40,100,Included
2025-08-02T10:00:00.000Z,You,Included in Pro,auto,10,20,30,40,100,Included
2025-08-01T09:30:00.500Z,You,Usage-based,model-b,1000,500,1000,500,3000,0.30
`,
  // Amounts in place of "Included", a byte order mark and quotes; from the third on.
  "c-2025-09.csv":
    `\ufeffDate,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost
"2025-09-01T12:00:00.000Z","Included","auto","No","1","2","3","4","10","0.003"
"2025-08-20T12:00:00.000Z","On-Demand","model-b","Yes","0","900","0","100","1,000","$1.25"
"2025-08-05T08:00:00.000Z","Errored, No Charge","model-b","No","","","","","","Free"
"2025-08-03T08:00:00.000Z","Errored, No Charge","model-b","No","0","10","0","5","15","4.11"
"2025-08-02T10:00:00.000Z","Included","auto","No","10","20","30","40","100","0.19"
"2025-08-02T10:00:00.000Z","Included","auto","No","10","20","30","40","100","0.19"
`,
  // The same and a later one again, with columns of agents.
  "d-2026.csv":
    `Date,Cloud Agent ID,Automation ID,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost
"2025-09-01T12:00:00.000Z","","","Included","default","No","1","2","3","4","10","0.003"
"2025-08-20T12:00:00.000Z","bc-1","","On-Demand","model-b","Yes","0","900","0","100","1000","1.25"
`,
};

/** What the exports come to: see above. Money in micro-dollars. */
export const TRUTH = {
  events: 8,
  tokens: 100 + 100 + 3000 + 40 + 15 + 1000 + 10,
  /** 0.19 twice, 0.30, 4.11, 1.25 and 0.003; two events have none. */
  apiCost: 6_043_000,
  apiCostUnknown: 2,
  /** 0.30 and 1.25. */
  charged: 1_550_000,
  restated: 2,
};
