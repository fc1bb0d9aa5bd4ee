/** Reading aloud and dictation, where the browser can do them on this device. */
import { useEffect, useState } from "preact/hooks";

/** A Chinese voice of this device; the browser's online voices would send the text away. */
const localVoice = (): SpeechSynthesisVoice | undefined =>
  window.speechSynthesis
    ?.getVoices()
    .find((voice) => voice.localService && /^(zh|cmn)/i.test(voice.lang));

/** Whether a reply can be read aloud; voices may arrive some time after the page. */
export function useVoice(): boolean {
  const [readable, setReadable] = useState(localVoice() !== undefined);
  useEffect(() => {
    const look = (): void => setReadable(localVoice() !== undefined);
    window.speechSynthesis?.addEventListener("voiceschanged", look);
    return () => window.speechSynthesis?.removeEventListener("voiceschanged", look);
  }, []);
  return readable;
}

let current: { key: number; stop: () => void } | null = null;

/** Whether one reply is being read, and a switch for it; one at a time. */
export function useReading(key: number): { reading: boolean; read: (text: string) => void } {
  const [reading, setReading] = useState(false);
  useEffect(() => () => {
    if (current?.key === key) current.stop();
  }, [key]);
  const read = (text: string): void => {
    const was = current?.key === key;
    current?.stop();
    if (was) return;
    const words = new SpeechSynthesisUtterance(text);
    words.lang = "zh-CN";
    words.voice = localVoice() ?? null;
    words.rate = 0.95;
    const end = (): void => {
      if (current?.key === key) current = null;
      setReading(false);
    };
    words.onend = words.onerror = end;
    current = {
      key,
      stop: () => {
        speechSynthesis.cancel();
        end();
      },
    };
    setReading(true);
    speechSynthesis.speak(words);
  };
  return { reading, read };
}

type Recognition = {
  lang: string;
  interimResults: boolean;
  processLocally?: boolean;
  onresult: (event: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void;
  onend: () => void;
  start(): void;
  stop(): void;
};

const Recognizer = (
  window as unknown as Record<string, { new (): Recognition; available?: unknown } | undefined>
)["SpeechRecognition"];

/**
 * Dictation only where the browser recognises on the device: elsewhere the voice
 * would go to a company nobody here has chosen.
 */
export const canDictate = Boolean(Recognizer && "available" in Recognizer);

/** Dictation as a switch; the words so far are handed on as they come. */
export function useDictation(onWords: (text: string) => void): { on: boolean; toggle: () => void } {
  const [running, setRunning] = useState<Recognition | null>(null);
  const toggle = (): void => {
    if (running) return running.stop();
    if (!Recognizer) return;
    const recognition = new Recognizer();
    recognition.lang = "zh-CN";
    recognition.interimResults = true;
    recognition.processLocally = true;
    recognition.onresult = ({ results }) =>
      onWords(Array.from(results, (each) => each[0]?.transcript ?? "").join(""));
    recognition.onend = () => setRunning(null);
    recognition.start();
    setRunning(recognition);
  };
  return { on: running !== null, toggle };
}
