/** Where the pages listen for what is new. */
export const EVENTS_PATH = "/api/events";
