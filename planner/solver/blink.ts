/** How often a place is overlooked, so that the same ruin does not always end in the same routes. */
export const BLINK = 0.01;
