import { createTinyEncoderFolder, loadTokenizer, openEncoder, saveEncoder, tokenize } from '../src/index.js';

// Any Hugging Face BERT folder does; this one is made on the spot, with random weights.
await createTinyEncoderFolder('tiny', ['the', 'river', 'rose', 'fell'], { seed: 1 });

// Row r of the tokens is ids[offsets[r]] … ids[offsets[r + 1] - 1].
const tokenizer = await loadTokenizer('tiny');
export const tokens = await tokenize(tokenizer, ['The river rose.'], ['It fell'], 16);

// Names are such as encoder.layer.0.attention.self.query.weight, data are float32.
export const encoder = openEncoder('tiny');
const { shapes, readTensor } = encoder.tensors;
const tensors = shapes.map(({ name, shape }) => ({ name, shape, data: readTensor(name) }));
await saveEncoder('copy', encoder, tensors);
