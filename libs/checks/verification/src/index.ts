/** Public face of `@layerwise/verification`. */
export { findFixtures } from './reference-fixture.js';
export { beyondTolerance, TOLERANCES, verifyFixture, type Verification } from './verify.js';
