/** Public face of `@layerwise/rate-search`. */
export {};
