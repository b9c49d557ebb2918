export { sequenceStage } from './stage.js';
