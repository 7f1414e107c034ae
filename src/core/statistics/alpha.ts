/** A comparison is decided where its corrected p-value is below that. */
export const ALPHA = 0.05
