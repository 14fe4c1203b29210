import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Test files that have a process of their own: they run for long, measure memory, replace modules or start processes. */
export const ALONE = [
  'test/e2e/**/*.test.ts',
  'test/year/**/*.test.ts',
  'test/main.test.ts',
  'test/sandbox/main.test.ts',
  'test/db/embedded-postgres.test.ts',
  'test/http/api/export.test.ts',
  'test/http/api/uploads-over-http.test.ts',
];

/** What takes longest, longest first; measured on two cores. */
const LONGEST = [
  'test/year/year.test.ts',
  'test/e2e/call-story.test.ts',
  'test/year/planted-bugs.test.ts',
  'test/e2e/kill.test.ts',
  'test/e2e/rehearsal.test.ts',
  'test/e2e/story.test.ts',
  'test/year/rehearsal-agreement.test.ts',
  'test/sandbox/main.test.ts',
  'test/e2e/two-bots.test.ts',
  'test/e2e/faults.test.ts',
  'test/e2e/call-personas.test.ts',
  'test/e2e/text-campaign.test.ts',
  'test/operations/import-contacts.test.ts',
  'test/slack/story.test.ts',
  'test/slack/socket-mode.test.ts',
];

/** Begins with what takes longest, so that no worker is left alone with it in the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => this.rank(a) - this.rank(b));
  }

  private rank({ moduleId, project }: TestSpecification): number {
    const rank = LONGEST.indexOf(relative(this.ctx.config.root, moduleId));
    const isAlone = project.config.isolate;
    return (isAlone ? 0 : LONGEST.length + 1) + (rank < 0 ? LONGEST.length : rank);
  }
}
