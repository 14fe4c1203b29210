/**
 * Slack's limits, read on 2026-11-22 (slack.md §2, §3). Characters unless a name says otherwise. Where sources disagree the
 * smaller value stands here, because a payload over a limit is refused whole.
 */
export const LIMITS = {
  ackMs: 3000,
  signatureAgeSeconds: 300,
  requestBytes: 4 * 1024 * 1024,

  messageText: 4000,
  viewBlocks: 100,
  viewTitle: 24,
  viewButton: 24,

  header: 150,
  sectionText: 3000,
  sectionField: 2000,
  sectionFields: 10,
  contextElements: 10,
  actionElements: 25,
  inputLabel: 2000,
  inputHint: 2000,
  placeholder: 150,
  textInput: 3000,

  buttonText: 75,
  accessibilityLabel: 75,
  options: 100,
  optionText: 75,
  optionDescription: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,

  chartPoints: 20,
  chartLabel: 20,

  fileComment: 3000,
  fileTitle: 255,
} as const;
