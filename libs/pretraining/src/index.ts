/** Public face of `@layerwise/pretraining`. */
export {};
