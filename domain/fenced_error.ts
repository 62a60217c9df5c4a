/** A write was refused as the run is no longer running under the writer's lease. The writer stops, quietly. */
export class FencedError extends Error {
  override readonly name = "FencedError";
  readonly runId: number;

  constructor(lease: { runId: number; owner: string; fence: number }) {
    super(`Cannot write to run ${lease.runId} as it is no longer held by ${lease.owner} with fence ${lease.fence}`);
    this.runId = lease.runId;
  }
}
