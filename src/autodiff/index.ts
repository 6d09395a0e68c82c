// The face of automatic differentiation: the gradient of a graph as a graph, by itself or with a forward graph that keeps what it needs.
export { type GradientOptions, gradientGraph } from './gradient.js';
export { type Kept, type TrainingPair, trainingPair } from './pair.js';
