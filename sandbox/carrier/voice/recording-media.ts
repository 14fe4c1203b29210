const SAMPLES_PER_SECOND = 8_000;
const BYTES_PER_SAMPLE = 2;
const LONGEST_MS = 10 * 60 * 1_000;
const TONE_HERTZ = 330;
const TONE_VOLUME = 2_400;

/**
 * A WAV file as Twilio's: 16 bits, 8 kHz. Nothing was ever really spoken, so the channels only hum, in turn: the
 * contact's is the first, ours the second.
 */
export function wavOf(ms: number, channels: 1 | 2): Buffer {
  const samples = Math.round((Math.min(ms, LONGEST_MS) / 1_000) * SAMPLES_PER_SECOND);
  const data = Buffer.alloc(samples * channels * BYTES_PER_SAMPLE);
  for (let index = 0; index < samples; index += 1) {
    const isContact = Math.floor(index / SAMPLES_PER_SECOND) % 2 === 0;
    const value = Math.round(TONE_VOLUME * Math.sin((2 * Math.PI * TONE_HERTZ * index) / SAMPLES_PER_SECOND));
    const channel = channels === 2 && !isContact ? 1 : 0;
    data.writeInt16LE(value, (index * channels + channel) * BYTES_PER_SAMPLE);
  }
  return Buffer.concat([wavHeader(data.length, channels), data]);
}

function wavHeader(dataBytes: number, channels: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(SAMPLES_PER_SECOND, 24);
  header.writeUInt32LE(SAMPLES_PER_SECOND * channels * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(channels * BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** MPEG-2.5 layer III at 8 kbit/s and 8 kHz: 72 bytes and 72 milliseconds each. */
const FRAME_BYTES = 72;
const FRAME_MS = 72;

/** An MP3 file that plays as silence of the recording's length: frames without any main data. */
export function mp3Of(ms: number, channels: 1 | 2): Buffer {
  const frames = Math.max(1, Math.ceil(Math.min(ms, LONGEST_MS) / FRAME_MS));
  const frame = Buffer.alloc(FRAME_BYTES);
  const mode = channels === 1 ? 0xc4 : 0x04;
  frame.set([0xff, 0xe3, 0x18, mode]);
  return Buffer.concat(Array.from({ length: frames }, () => frame));
}
