/** The testing framework's own clock, under the name that the engine's tests know. */
export { seededRandomness, VirtualClock } from "../../src/testing/virtual-clock.ts";
