export { createFlatMemory, plannedBytes, type FlatMemory, type Region } from './memory.js';
export { layOut, viewOf, type Layout, type NamedShape, type Place } from './layout.js';
