import { histogramChart, renderChart, writeChart } from '../src/index.js';

export async function example(path: string): Promise<string> {
  const chart = histogramChart({
    title: 'Lengths of both halves',
    subtitle: 'sentences of a diary',
    xTitle: 'words',
    series: [
      { name: 'shorter', values: Int32Array.of(2, 3, 3, 4, 5) },
      { name: 'longer', values: Int32Array.of(6, 6, 7, 9, 12) },
    ],
    cut: { value: 5.5, label: 'median' },
  });
  await writeChart(chart, path); // path.svg and path.png
  const { svg, png } = await renderChart(chart); // or the bytes themselves
  return `${svg.slice(0, 4)} ${png[1] === 'P'.charCodeAt(0)} ${chart.description}`;
}
