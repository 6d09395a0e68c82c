// What may not be a name in WGSL: its words, those that it keeps for later, what it declares before a module does, and what
// kernels are written with.
import type { NameRules } from '../../shared/text/names.js';
import { helperNames } from './helpers.js';

const words = (...lines: readonly string[]): readonly string[] => lines.flatMap((line) => line.split(' '));

const keywords = words(
  'alias break case const const_assert continue continuing default diagnostic discard else enable false fn for if let loop',
  'override requires return struct switch true var while',
);

const reserved = words(
  'NULL Self abstract active alignas alignof as asm asm_fragment async attribute auto await become cast catch class co_await',
  'co_return co_yield coherent column_major common compile compile_fragment concept const_cast consteval constexpr constinit',
  'crate debugger decltype delete demote demote_to_helper do dynamic_cast enum explicit export extends extern external',
  'fallthrough filter final finally friend from fxgroup get goto groupshared highp impl implements import inline instanceof',
  'interface layout lowp macro macro_rules match mediump meta mod module move mut mutable namespace new nil noexcept noinline',
  'nointerpolation non_coherent noncoherent noperspective null nullptr of operator package packoffset partial pass patch',
  'pixelfragment precise precision premerge priv protected pub public readonly ref regardless register reinterpret_cast require',
  'resource restrict self set shared sizeof smooth snorm static static_assert static_cast std subroutine super target template',
  'this thread_local throw trait try type typedef typeid typename typeof union unless unorm unsafe unsized use using varying',
  'virtual volatile wgsl where with writeonly yield',
);

const types = words(
  'array atomic bool f16 f32 i32 u32 ptr sampler sampler_comparison texture_1d texture_2d texture_2d_array texture_3d',
  'texture_cube texture_cube_array texture_multisampled_2d texture_depth_2d texture_depth_2d_array texture_depth_cube',
  'texture_depth_cube_array texture_depth_multisampled_2d texture_external texture_storage_1d texture_storage_2d',
  'texture_storage_2d_array texture_storage_3d',
  ...['vec2', 'vec3', 'vec4'].map((name) => [name, ...'fhiu'].join(` ${name}`)),
  ...['2', '3', '4'].flatMap((c) => ['2', '3', '4'].map((r) => `mat${c}x${r} mat${c}x${r}f mat${c}x${r}h`)),
  'function private workgroup uniform storage read write read_write',
);

const functions = words(
  'bitcast all any select arrayLength abs acos acosh asin asinh atan atanh atan2 ceil clamp cos cosh countLeadingZeros',
  'countOneBits countTrailingZeros cross degrees determinant distance dot dot4U8Packed dot4I8Packed exp exp2 extractBits',
  'faceForward firstLeadingBit firstTrailingBit floor fma fract frexp insertBits inverseSqrt ldexp length log log2 max min mix',
  'modf normalize pow quantizeToF16 radians reflect refract reverseBits round saturate sign sin sinh smoothstep sqrt step tan',
  'tanh transpose trunc dpdx dpdxCoarse dpdxFine dpdy dpdyCoarse dpdyFine fwidth fwidthCoarse fwidthFine',
  'textureDimensions textureGather textureGatherCompare textureLoad textureNumLayers textureNumLevels textureNumSamples',
  'textureSample textureSampleBias textureSampleCompare textureSampleCompareLevel textureSampleGrad textureSampleLevel',
  'textureSampleBaseClampToEdge textureStore atomicLoad atomicStore atomicAdd atomicSub atomicMax atomicMin atomicAnd atomicOr',
  'atomicXor atomicExchange atomicCompareExchangeWeak pack4x8snorm pack4x8unorm pack4xI8 pack4xU8 pack4xI8Clamp pack4xU8Clamp',
  'pack2x16snorm pack2x16unorm pack2x16float unpack4x8snorm unpack4x8unorm unpack4xI8 unpack4xU8 unpack2x16snorm',
  'unpack2x16unorm unpack2x16float storageBarrier textureBarrier workgroupBarrier workgroupUniformLoad subgroupAdd',
  'subgroupExclusiveAdd subgroupInclusiveAdd subgroupAll subgroupAnd subgroupAny subgroupBallot subgroupBroadcast',
  'subgroupBroadcastFirst subgroupElect subgroupMax subgroupMin subgroupMul subgroupExclusiveMul subgroupInclusiveMul subgroupOr',
  'subgroupShuffle subgroupShuffleDown subgroupShuffleUp subgroupShuffleXor subgroupXor quadBroadcast quadSwapDiagonal',
  'quadSwapX quadSwapY',
);

/** What modules declare beside buffers and kernels. */
const declared = words(
  'Launch launch packed_data workspace_data',
  'range_of_entry range_below range_above range_found widen_range agreed_range lanes_found_not lanes_found_by_all',
);
/** What kernels are given, and what they and functions call their own values. */
const given = words('workgroups invocation lanes_of_subgroup');
const own = words('thread block thread_row thread_column low high entry inside lane lanes');

const always = [...keywords, ...reserved, ...types, ...functions, ...declared, ...given, ...helperNames];

export const wgslNames: NameRules<'wgsl'> = { language: 'wgsl', reserved: new Set([...always, ...own]) };

/** For names within a function. */
export const localNames: NameRules<'wgsl'> = { language: 'wgsl', reserved: new Set(always) };
