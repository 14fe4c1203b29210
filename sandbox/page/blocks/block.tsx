import type { ComponentType } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { ChartBlock } from '#sandbox/page/charts/chart.tsx';
import { asText } from '#sandbox/page/json.ts';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import {
  Actions,
  Alert,
  ContextBlock,
  Divider,
  Header,
  ImageBlock,
  Markdown,
  RemoteFile,
  RichText,
  Section,
  Video,
} from './basic-blocks.tsx';
import { Card, Carousel, Container, NestedBlockContext } from './cards.tsx';
import { InputBlock } from './input-block.tsx';
import { DataTable, TableBlock } from './tables.tsx';
import { Plan, TaskCard } from './tasks.tsx';
import { Unsupported } from './unsupported.tsx';

const kinds: Record<string, ComponentType<{ block: JsonObject }>> = {
  header: Header,
  section: Section,
  context: ContextBlock,
  divider: Divider,
  actions: Actions,
  context_actions: Actions,
  image: ImageBlock,
  rich_text: RichText,
  markdown: Markdown,
  input: InputBlock,
  table: TableBlock,
  data_table: DataTable,
  data_visualization: ChartBlock,
  alert: Alert,
  card: Card,
  carousel: Carousel,
  container: Container,
  plan: Plan,
  task_card: TaskCard,
  video: Video,
  file: RemoteFile,
};

/** Blocks that have their ids (`withIds`). */
export function Blocks({ blocks }: { blocks: JsonObject[] }) {
  return (
    <NestedBlockContext.Provider value={Block}>
      <div class="blocks">
        {blocks.map((block) => (
          <Block key={`${asText(block.block_id)} ${asText(block.type)}`} block={block} />
        ))}
      </div>
    </NestedBlockContext.Provider>
  );
}

function Block({ block }: { block: JsonObject }) {
  const [error] = useErrorBoundary();
  const type = asText(block.type);
  const Kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  return (
    <div class={`block is-${type}`} data-block={type}>
      {Kind && error === undefined ? <Kind block={block} /> : <Unsupported kind="block" json={block} />}
    </div>
  );
}
