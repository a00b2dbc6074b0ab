export { emitOnnx, type OnnxModel, writeOnnx } from './write.ts';
