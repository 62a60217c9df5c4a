import type { ParsedPayload } from "../../../domain/capture/capture.ts";
import type { Json } from "../../../domain/json.ts";

/** When the payloads below were captured. */
export const CAPTURED_AT = Temporal.Instant.from("2026-05-12T09:00:00Z");

/** An answer of the site, as the recognizers get it. */
export function json(endpoint: string, body: Json, request: Json = null): ParsedPayload {
  return { kind: "network_json", endpoint, request, body };
}

/** One payload of every shape, with made-up values: what random changes start from. */
export const EVERY_SHAPE: readonly ParsedPayload[] = [
  json("get-aggregated-usage-events", {
    aggregations: [
      {
        modelIntent: "model-a",
        inputTokens: "1200",
        outputTokens: "340",
        cacheWriteTokens: "56",
        cacheReadTokens: "7800",
        totalCents: 123.4567,
        tier: 1,
      },
      { modelIntent: "default", inputTokens: "11", cacheReadTokens: "22", totalCents: 1.5, tier: 2 },
    ],
    totalInputTokens: "1211",
    totalOutputTokens: "340",
    totalCostCents: 124.9567,
  }, { teamId: 0 }),
  json("get-filtered-usage-events", {
    totalUsageEventsCount: 2,
    usageEventsDisplay: [
      {
        timestamp: "1778500000123",
        model: "model-a",
        kind: "USAGE_EVENT_KIND_USAGE_BASED",
        maxMode: true,
        requestsCosts: 3.5,
        usageBasedCosts: "$0.38",
        isTokenBasedCall: true,
        tokenUsage: {
          inputTokens: 100,
          outputTokens: 20,
          cacheWriteTokens: 3,
          cacheReadTokens: 4,
          totalCents: 40.5,
          discountPercentOff: 10,
        },
        chargedCents: 37.95,
        cursorTokenFee: 1.5,
        isChargeable: true,
      },
      {
        timestamp: "1778500000122",
        model: "default",
        kind: "USAGE_EVENT_KIND_INCLUDED_IN_PRO",
        requestsCosts: 1,
        usageBasedCosts: "-",
        tokenUsage: { outputTokens: 9 },
        chargedCents: 0,
        isChargeable: false,
      },
    ],
  }, { teamId: 0, startDate: "1778000000000", endDate: "1778576400000", page: 1, pageSize: 100 }),
  json("usage-summary", {
    billingCycleStart: "2026-05-03T10:20:30.000Z",
    billingCycleEnd: "2026-06-03T10:20:30.000Z",
    membershipType: "pro",
    limitType: "user",
    isUnlimited: false,
    individualUsage: {
      plan: {
        enabled: true,
        used: 2000,
        limit: 2000,
        remaining: 0,
        breakdown: { included: 2000, bonus: 1234, total: 3234 },
        autoPercentUsed: 5.5,
        apiPercentUsed: 100,
        totalPercentUsed: 31.25,
      },
      onDemand: { enabled: true, used: 321, limit: 4000, remaining: 3679 },
    },
    teamUsage: {},
  }),
  json("get-current-period-usage", {
    billingCycleStart: "1777803630000",
    billingCycleEnd: "1780482030000",
    displayThreshold: 100,
    planUsage: {
      totalSpend: 3234,
      includedSpend: 2000,
      remaining: 0,
      limit: 2000,
      autoPercentUsed: 5.5,
      apiPercentUsed: 100,
      totalPercentUsed: 31.25,
    },
    spendLimitUsage: { individualLimit: 4000, individualUsed: 321, individualRemaining: 3679, limitType: "user" },
  }),
  json("usage", {
    "gpt-4": { numRequests: 12, numRequestsTotal: 12, numTokens: 0, maxRequestUsage: 500, maxTokenUsage: null },
    "gpt-3.5-turbo": { numRequests: 0, numRequestsTotal: 0, numTokens: 0, maxRequestUsage: null, maxTokenUsage: null },
    startOfMonth: "2026-05-03T10:20:30.000Z",
  }),
  json("get-monthly-invoice", {
    items: [
      { description: "7 extra fast requests * 4 cents per such request", cents: 28 },
      { description: "0 other requests * 5 cents per such request" },
    ],
  }, { month: 5, year: 2026 }),
  json("get-hard-limit", { hardLimit: 50, noUsageBasedAllowed: false }),
  json("me", { email: "ann@example.org", name: "Ann", sub: "auth0|1" }),
  json("usage-table", {
    billing_period_start: "2026-05-03",
    billing_period_end: "2026-06-03",
    rows: [{
      model: "model-a",
      input_with_cache_write_tokens: "56",
      input_without_cache_write_tokens: "1,200",
      cache_read_tokens: 7800,
      output_tokens: 340,
      total_tokens: 9396,
      api_cost_cents: 123.4567,
      cost_to_you_cents: 0,
    }],
  }),
  {
    kind: "html",
    page: {
      text: "Usage Billing period: May 3, 2026 – Jun 3, 2026",
      tables: [{
        headings: [
          "MODEL",
          "INPUT (W/ CACHE WRITE)",
          "INPUT (W/O CACHE WRITE)",
          "CACHE READ",
          "OUTPUT",
          "TOTAL TOKENS",
          "API COST",
          "COST TO YOU",
        ],
        rows: [["model-a", "56", "1,200", "7.8K", "340", "9,396", "$1.23", "Included"]],
      }],
    },
  },
];
