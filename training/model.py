"""The tagger: a shared encoder finds cues, a cue-conditioned one finds each cue's source and content.

Shapes: B windows, T pieces, W words, C candidate cues, S pieces of a segment (the cue's paragraph),
H = 384. All scores are natural-log potentials.

The first `SHARED` layers of all-MiniLM-L6-v2 read the window; a linear-chain CRF tags cues in it. For each
cue the remaining layers re-read its paragraph with the cue marked, and a second CRF tags source and content.
Reading again per cue keeps sources that serve two cues and attributions inside attributions apart, which
one flat tagging cannot (measured by the prototype: pairs without it have the wrong edges).
"""
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

H, HEADS, FF, LAYERS, SHARED = 384, 12, 1536, 6, 4
CUE_TAGS = ("O", "B", "I")
PART_TAGS = ("O", "B-source", "I-source", "B-content", "I-content")
NEVER = -1e4
REACH = 32  # buckets of signed distance to the cue: exact to 16, then by doubling


def distance_bucket(d):
    """Signed distance in pieces (int tensor) to 0..2*REACH: exact up to 16, then powers of two in quarters."""
    a = d.abs().float()
    far = 16 + torch.floor(4 * torch.log2(a.clamp(min=16) / 16))
    b = torch.where(a <= 16, a, far).clamp(max=REACH).long()
    return torch.where(d < 0, REACH - b, REACH + b)


class LockedDropout(nn.Module):
    """Dropout with one mask for all positions of a row: as good, and its random numbers cost nothing."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        keep = torch.empty(x.shape[0], 1, x.shape[2], dtype=x.dtype).bernoulli_(1 - self.p)
        return x * (keep / (1 - self.p))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(H, 3 * H)
        self.out = nn.Linear(H, H)
        self.norm1 = nn.LayerNorm(H, eps=1e-12)
        self.up = nn.Linear(H, FF)
        self.down = nn.Linear(FF, H)
        self.norm2 = nn.LayerNorm(H, eps=1e-12)
        self.drop = LockedDropout(0.1)

    def forward(self, x, mask):
        b, t, _ = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, HEADS, H // HEADS).permute(2, 0, 3, 1, 4)
        # written out: on a processor the fused kernel's backward pass takes twice as long
        a = torch.matmul(q * (H // HEADS) ** -0.5, k.transpose(2, 3))
        a = a + torch.where(mask, 0.0, NEVER).to(a.dtype)[:, None, None, :]
        a = torch.matmul(a.softmax(-1, dtype=a.dtype), v)
        x = self.norm1(x + self.drop(self.out(a.transpose(1, 2).reshape(b, t, H))))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Crf(nn.Module):
    def __init__(self, tags, legal):
        super().__init__()
        n = len(tags)
        self.move = nn.Parameter(torch.zeros(n, n))
        self.start = nn.Parameter(torch.zeros(n))
        self.end = nn.Parameter(torch.zeros(n))
        self.register_buffer("ban", torch.tensor([[0.0 if legal(a, b) else NEVER for b in tags] for a in tags]))
        self.register_buffer("ban_start", torch.tensor([0.0 if legal("O", b) else NEVER for b in tags]))

    def loss(self, x, tags, mask):
        """Negative log-likelihood of `tags` (N, W) under emissions x (N, W, K); mask (N, W), left-aligned. (N,)"""
        x = x.float()
        move, start = self.move + self.ban, self.start + self.ban_start
        n, w, _ = x.shape
        gold = start[tags[:, 0]] + x[:, 0].gather(1, tags[:, :1]).squeeze(1)
        if w > 1:
            step = x[:, 1:].gather(2, tags[:, 1:, None]).squeeze(2) + move[tags[:, :-1], tags[:, 1:]]
            gold = gold + (step * mask[:, 1:]).sum(1)
        length = mask.sum(1).long()
        gold = gold + self.end[tags.gather(1, (length - 1)[:, None]).squeeze(1)]
        a = start + x[:, 0]
        for t in range(1, w):
            b = torch.logsumexp(a[:, :, None] + move[None], 1) + x[:, t]
            a = torch.where(mask[:, t, None], b, a)
        return torch.logsumexp(a + self.end, 1) - gold

    @torch.no_grad()
    def best(self, x, mask, bias=None):
        """Viterbi tags (list of lists)."""
        x = x.float() if bias is None else x.float() + bias
        move, start = self.move + self.ban, self.start + self.ban_start
        n, w, k = x.shape
        a, back = start + x[:, 0], []
        for t in range(1, w):
            score, at = (a[:, :, None] + move[None]).max(1)
            live = mask[:, t, None]
            back.append(torch.where(live, at, torch.arange(k)[None].expand(n, k)))
            a = torch.where(live, score + x[:, t], a)
        tag = (a + self.end).argmax(1)
        path = [tag]
        for at in reversed(back):
            tag = at.gather(1, tag[:, None]).squeeze(1)
            path.append(tag)
        path = torch.stack(path[::-1], 1)
        return [path[i, : int(mask[i].sum())].tolist() for i in range(n)]


def legal(a, b):
    return not b.startswith("I") or (a.startswith(("B", "I")) and a[1:] == b[1:])


class Tagger(nn.Module):
    def __init__(self, dropout=0.1):
        super().__init__()
        self.word = nn.Embedding(30522, H)
        self.position = nn.Embedding(512, H)
        self.case = nn.Embedding(6, H)
        self.state = nn.Embedding(5, H)
        self.norm = nn.LayerNorm(H, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.mark = nn.Embedding(2, H)
        self.distance = nn.Embedding(2 * REACH + 1, H)
        self.cue_head = nn.Linear(H, len(CUE_TAGS))
        self.cue_crf = Crf(CUE_TAGS, legal)
        self.hint_head = nn.Linear(H, 2)  # training only: is the word in any source, in any content
        self.part_head = nn.Linear(H, len(PART_TAGS))
        self.part_crf = Crf(PART_TAGS, legal)
        self.valid_head = nn.Linear(H, 1)
        self.drop = LockedDropout(dropout)
        for e in (self.case, self.state, self.mark, self.distance):
            nn.init.normal_(e.weight, std=0.01)

    def load_pretrained(self, path):
        p = load_file(path)
        p = {k.removeprefix("bert."): v for k, v in p.items()}
        self.word.weight.data.copy_(p["embeddings.word_embeddings.weight"])
        self.position.weight.data.copy_(
            p["embeddings.position_embeddings.weight"] + p["embeddings.token_type_embeddings.weight"][0]
        )
        self.norm.weight.data.copy_(p["embeddings.LayerNorm.weight"])
        self.norm.bias.data.copy_(p["embeddings.LayerNorm.bias"])
        for i, layer in enumerate(self.layers):
            at = f"encoder.layer.{i}."
            for part in ("weight", "bias"):
                layer.qkv.get_parameter(part).data.copy_(
                    torch.cat([p[f"{at}attention.self.{n}.{part}"] for n in ("query", "key", "value")])
                )
                for mine, theirs in (
                    ("out", "attention.output.dense"),
                    ("norm1", "attention.output.LayerNorm"),
                    ("up", "intermediate.dense"),
                    ("down", "output.dense"),
                    ("norm2", "output.LayerNorm"),
                ):
                    getattr(layer, mine).get_parameter(part).data.copy_(p[f"{at}{theirs}.{part}"])
        self.word.weight.requires_grad = False

    def encode(self, ids, case, state, mask):
        """(B, T) each -> (B, T, H)."""
        x = self.word(ids) + self.position.weight[: ids.shape[1]] + self.case(case) + self.state(state)
        x = self.drop(self.norm(x))
        for layer in self.layers[:SHARED]:
            x = layer(x, mask)
        return x

    def cue_scores(self, hidden, first):
        """Emissions (B, W, 3) and training hints (B, W, 2) at the first piece of each word."""
        words = hidden.gather(1, first[:, :, None].expand(-1, -1, H))
        return self.cue_head(words), self.hint_head(words)

    def parts(self, hidden, window, segment, cue, mask, first):
        """Re-read C segments with their cue marked.

        window (C,), segment (C, S) piece positions in the window, cue (C, S) 1 on cue pieces, mask (C, S),
        first (C, W) segment positions of first pieces. -> emissions (C, W, 5), validity logits (C,)
        """
        x = hidden[window[:, None], segment]
        at = torch.arange(segment.shape[1])[None]
        big = 10**6
        lo = torch.where(cue > 0, at, big).min(1).values[:, None]
        hi = torch.where(cue > 0, at, -big).max(1).values[:, None]
        d = torch.where(at < lo, at - lo, torch.where(at > hi, at - hi, 0))
        x = x + self.mark(cue) + self.distance(distance_bucket(d))
        for layer in self.layers[SHARED:]:
            x = layer(x, mask)
        words = x.gather(1, first[:, :, None].expand(-1, -1, H))
        mean = (x * cue[:, :, None]).sum(1) / cue.sum(1, keepdim=True)
        return self.part_head(words), self.valid_head(mean).squeeze(1)
