import type { Stores } from "../../domain/stores.ts";

/** Fresh stores, and a transaction over them that keeps all of its writes or none. */
export interface StoresUnderTest extends Disposable {
  readonly stores: Stores;
  transaction(work: (tx: Stores) => void): void;
}

/** Registers one test over fresh stores. */
export type Test = (title: string, body: (under: StoresUnderTest) => void) => void;
