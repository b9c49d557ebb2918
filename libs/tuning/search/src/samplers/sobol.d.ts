/** What we use of the package `sobol`, which comes without types. */
declare module 'sobol' {
  export class SobolSequenceGenerator {
    /** From 1 to 21201 dimensions. */
    constructor(dimension: number);
    /** The next point, the zero vector first. */
    nextVector(): number[];
  }
}
