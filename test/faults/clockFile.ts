// Where a campaign says how far the engine's wall clock is ahead, in milliseconds: in the engine's home.
export const clockFile = 'clock-offset';
/** How often the engine looks there, ms. */
export const clockLookMs = 50;
