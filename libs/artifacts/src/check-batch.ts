import type { DataType } from 'apache-arrow';
import type { RecordBatch } from 'apache-arrow/ipc/metadata/message';

export function checkBatch(
  header: RecordBatch,
  types: readonly DataType[],
  bodyBytes: number,
  version5: boolean,
): void {
  void header;
  void types;
  void bodyBytes;
  void version5;
}
