import { createTinyEncoderFolder } from '@layerwise/model';
import { embedTask } from '../src/index.js';

const split = (text: string[]) => {
  return { index: Int32Array.from(text.keys()), text, pair: null, label: new Int32Array(text.length) };
};

export async function example(folder: string): Promise<string[]> {
  await createTinyEncoderFolder(folder, ['the', 'tide', 'went', 'out', 'came', 'in']);
  const task = {
    name: 'tides',
    labels: ['low'],
    train: split(['the tide went out', 'the tide came in', 'the tide went out']),
    dev: split(['in came the tide']),
  };
  const { embeddings, texts } = await embedTask(task, folder, {
    pooling: 'mean',
    maximumLength: 16,
    batchTokens: 2048,
    engine: 'onnxruntime',
    provider: 'cpu',
    threads: 1,
    cacheFolder: null,
  });
  const { size, values } = embeddings.train; // [3 rows, size]
  const same = values.slice(0, size).every((value, i) => value === values[2 * size + i]);
  return [`${embeddings.pooling} by ${embeddings.encoder.replace(/ \(.*/, '')}`, `${texts} texts, ${same}`];
}
