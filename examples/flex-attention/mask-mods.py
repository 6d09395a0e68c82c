# FlexAttention's mask_mods, written for comparison: mask-mods.ts says the same, spec by spec.
# Each function takes what is captured and gives the mask_mod that create_block_mask takes.
from torch.nn.attention.flex_attention import and_masks, or_masks


def causal():
    def mask_mod(b, h, q_idx, kv_idx):
        return q_idx >= kv_idx

    return mask_mod


def anti_causal():
    def mask_mod(b, h, q_idx, kv_idx):
        return q_idx <= kv_idx

    return mask_mod


def sliding_window(window):
    def mask_mod(b, h, q_idx, kv_idx):
        return (q_idx >= kv_idx) & (q_idx - kv_idx < window)

    return mask_mod


def dilated_window(window, step):
    def mask_mod(b, h, q_idx, kv_idx):
        distance = q_idx - kv_idx
        return (distance >= 0) & (distance < window * step) & (distance % step == 0)

    return mask_mod


def window_by_head(window):
    def mask_mod(b, h, q_idx, kv_idx):
        return (q_idx >= kv_idx) & (q_idx - kv_idx < window[h])

    return mask_mod


def chunked(chunk):
    def mask_mod(b, h, q_idx, kv_idx):
        return (q_idx >= kv_idx) & (q_idx // chunk == kv_idx // chunk)

    return mask_mod


def streaming(window, first):
    def mask_mod(b, h, q_idx, kv_idx):
        near = q_idx - kv_idx < window
        return (q_idx >= kv_idx) & (near | (kv_idx < first))

    return mask_mod


def global_local(reach, globals):
    def mask_mod(b, h, q_idx, kv_idx):
        near = (q_idx - kv_idx).abs() <= reach
        return near | (q_idx < globals) | (kv_idx < globals)

    return mask_mod


def big_bird(choice, block):
    drawn = choice.unbind(-1)

    def mask_mod(b, h, q_idx, kv_idx):
        q_block, kv_block = q_idx // block, kv_idx // block
        seen = (q_block - kv_block).abs() <= 1
        seen = seen | (q_idx < block) | (kv_idx < block)
        for kv_drawn in drawn:
            seen = seen | (kv_drawn[q_block] == kv_block)
        return seen

    return mask_mod


def prefix_lm(prefix):
    def mask_mod(b, h, q_idx, kv_idx):
        return (kv_idx < prefix[b]) | (q_idx >= kv_idx)

    return mask_mod


def documents(document):
    def mask_mod(b, h, q_idx, kv_idx):
        return (q_idx >= kv_idx) & (document[b, q_idx] == document[b, kv_idx])

    return mask_mod


def prefix_documents(document, in_prefix):
    def mask_mod(b, h, q_idx, kv_idx):
        same = document[b, q_idx] == document[b, kv_idx]
        return same & ((q_idx >= kv_idx) | (in_prefix[b, kv_idx] == 1))

    return mask_mod


def ragged(start, end):
    def mask_mod(b, h, q_idx, kv_idx):
        return (start[q_idx] <= kv_idx) & (kv_idx < end[q_idx])

    return mask_mod


def shared_prefix(document, prompt):
    def mask_mod(b, h, q_idx, kv_idx):
        own = document[q_idx] == document[kv_idx]
        return (q_idx >= kv_idx) & (own | (prompt[q_idx] == document[kv_idx]))

    return mask_mod


def padding(length):
    def mask_mod(b, h, q_idx, kv_idx):
        return kv_idx < length[b]

    return mask_mod


def table_mask(shown):
    def mask_mod(b, h, q_idx, kv_idx):
        return shown[q_idx, kv_idx] == 1

    return mask_mod


def selected_blocks(chosen, block):
    tables = chosen.unbind(-1)

    def mask_mod(b, h, q_idx, kv_idx):
        seen = q_idx < 0
        for table in tables:
            seen = seen | (table[b, h, q_idx] == kv_idx // block)
        return (q_idx >= kv_idx) & seen

    return mask_mod


def neighbourhood(height, width, window):
    reach = window // 2

    def mask_mod(b, h, q_idx, kv_idx):
        row = (q_idx // width).clamp(reach, height - 1 - reach)
        column = (q_idx % width).clamp(reach, width - 1 - reach)
        near_row = (row - kv_idx // width).abs() <= reach
        return near_row & ((column - kv_idx % width).abs() <= reach)

    return mask_mod


def tiled_neighbourhood(height, width, window, tile):
    reach = window // 2

    def place(idx):
        number, within = idx // (tile * tile), idx % (tile * tile)
        row = number // (width // tile) * tile + within // tile
        return row, number % (width // tile) * tile + within % tile

    def mask_mod(b, h, q_idx, kv_idx):
        row, column = place(q_idx)
        kv_row, kv_column = place(kv_idx)
        near_row = (row.clamp(reach, height - 1 - reach) - kv_row).abs() <= reach
        near_column = (column.clamp(reach, width - 1 - reach) - kv_column).abs() <= reach
        return near_row & near_column

    return mask_mod


def sliding_tile(rows, columns, tile, window):
    reach = window // 2

    def mask_mod(b, h, q_idx, kv_idx):
        q_tile, kv_tile = q_idx // tile, kv_idx // tile
        row = (q_tile // columns).clamp(reach, rows - 1 - reach)
        column = (q_tile % columns).clamp(reach, columns - 1 - reach)
        near_row = (row - kv_tile // columns).abs() <= reach
        return near_row & ((column - kv_tile % columns).abs() <= reach)

    return mask_mod


def image_before(last, image):
    def mask_mod(b, h, q_idx, kv_idx):
        return last[b, q_idx] == image[b, kv_idx]

    return mask_mod


def transfusion(image):
    def mask_mod(b, h, q_idx, kv_idx):
        within = (image[b, q_idx] == image[b, kv_idx]) & (image[b, q_idx] > 0)
        return (q_idx >= kv_idx) | within

    return mask_mod


def tree(enter, leave):
    def mask_mod(b, h, q_idx, kv_idx):
        below = enter[b, kv_idx] <= enter[b, q_idx]
        return below & (enter[b, q_idx] <= leave[b, kv_idx])

    return mask_mod


def block_diffusion(length, block):
    def mask_mod(b, h, q_idx, kv_idx):
        q_noisy, kv_noisy = q_idx < length, kv_idx < length
        q_block, kv_block = q_idx % length // block, kv_idx % length // block
        own_noise = q_noisy & kv_noisy & (q_block == kv_block)
        clean_before = q_noisy & ~kv_noisy & (kv_block < q_block)
        clean = ~q_noisy & ~kv_noisy & (kv_block <= q_block)
        return own_noise | clean_before | clean

    return mask_mod


def combined(document, window, globals):
    def visible(b, h, q_idx, kv_idx):
        return q_idx >= kv_idx

    def same_document(b, h, q_idx, kv_idx):
        return document[b, q_idx] == document[b, kv_idx]

    def local(b, h, q_idx, kv_idx):
        return q_idx - kv_idx < window

    def first(b, h, q_idx, kv_idx):
        return kv_idx < globals

    return and_masks(visible, same_document, or_masks(local, first))
