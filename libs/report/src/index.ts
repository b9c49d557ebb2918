/** Public face of `@layerwise/report`. */
export {};
