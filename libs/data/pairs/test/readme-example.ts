import { checkParts, cutTask, readPairFolder, writePairFolder } from '../src/index.js';

const split = (text: string[], label: number[]) => {
  return { index: Int32Array.from(text.keys()), text, pair: null, label: Int32Array.from(label) };
};
const weather = {
  name: 'weather',
  labels: ['dull', 'bright'],
  train: split(['rain', 'sun again', 'rain all day', 'sun all day long', 'snow'], [0, 1, 0, 1, 0]),
  dev: split(['more fog', 'sun', 'a day of rain', 'a day of sun and fog'], [0, 1, 0, 1]),
};

export async function example(folder: string): Promise<string[]> {
  // Positions in each split; the fifth training row is left out.
  const rows = {
    original: { train: Int32Array.of(0, 1), dev: Int32Array.of(0, 1) },
    shifted: { train: Int32Array.of(2, 3), dev: Int32Array.of(2, 3) },
  };
  const pair = cutTask(weather, 'cluster', rows, { original: 'brief', shifted: 'wordy' });
  checkParts(pair, { minimumRows: 2 });
  const { notes } = await writePairFolder(pair, folder);
  const { shifted } = await readPairFolder(folder);
  return [...shifted.train.text, ...notes];
}
