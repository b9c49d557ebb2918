/** Public face of `@layerwise/evaluation`. */
export {};
