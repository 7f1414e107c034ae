"""Training steps and scoring in plain PyTorch (eager, one network after the other), asked and timed by the benchmark.

Reads one JSON question a line and answers each with one JSON line, as protocol.ts beside this describes. The network, the
optimiser and the batches are REF's (work.ts); on CUDA where there is one, unless started with --cpu.
"""
import json, sys, time
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

CHANNELS = {'small': (8, 16, 32), 'reference': (16, 32, 64), 'large': (32, 64, 128)}
HIDDEN = {'small': 64, 'reference': 64, 'large': 128}
BATCH, CHUNK, LABELLED = 32, 512, 320
SHIFTS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1))
dev = 'cuda' if torch.cuda.is_available() and '--cpu' not in sys.argv else 'cpu'


class Net(nn.Module):
    """conv 3x3 same + ReLU + 2x2 max-pool per block; dropout .25; dense ReLU; dense to the classes."""

    def __init__(self, channels, hidden, depth, side, classes):
        super().__init__()
        layers, c = [], depth
        for k in channels:
            layers += [nn.Conv2d(c, k, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            c, side = k, side // 2
        self.trunk = nn.Sequential(*layers, nn.Flatten())
        self.hidden, self.out = nn.Linear(c * side * side, hidden), nn.Linear(hidden, classes)

    def head(self, f):
        return self.out(F.relu(self.hidden(f)))

    def forward(self, x):
        return self.head(F.dropout(self.trunk(x), .25, self.training))


def done():
    if dev == 'cuda':
        torch.cuda.synchronize()


def open_(setup):
    global X, Y, make, trained
    torch.set_num_threads(setup['threads'])
    data = np.load(setup['data'])
    x = torch.tensor(data['x_train'], dtype=torch.float32) / 255
    X = (x[:, None] if x.ndim == 3 else x.permute(0, 3, 1, 2)).contiguous().to(dev)
    X = (X - X.mean((0, 2, 3), keepdim=True)) / X.std((0, 2, 3), keepdim=True)
    Y = torch.tensor(data['y_train'], dtype=torch.long, device=dev)
    name, classes = setup['network'], int(data['y_train'].max()) + 1
    make = lambda: Net(CHANNELS[name], HIDDEN[name], X.shape[1], X.shape[2], classes).to(dev)
    trained = None
    where = torch.cuda.get_device_name() if dev == 'cuda' else '%d thread(s)' % torch.get_num_threads()
    return dict(description='PyTorch %s %s, %s' % (torch.__version__, dev, where))


def train(replicas, steps):
    for _ in range(replicas):
        net = make().train()
        opt = torch.optim.Adam(net.parameters(), 1e-3)
        step = 0
        while step < steps:
            for b in torch.randperm(LABELLED).split(BATCH):
                if step == steps:
                    break
                opt.zero_grad()
                F.cross_entropy(net(X[b]), Y[b]).backward()
                opt.step()
                step += 1
    done()
    return net


def over(f, x):
    return torch.cat([f(c) for c in x.split(CHUNK)])


def shift(x, dy, dx):
    return F.pad(x, (2, 2, 2, 2))[:, :, 2 - dy:2 - dy + x.shape[2], 2 - dx:2 - dx + x.shape[3]]


@torch.no_grad()
def score(replicas, need, images):
    net, U = trained.eval(), X[:images]
    for _ in range(replicas):
        if need == 'probabilities':
            result = F.softmax(over(net, U), 1)
        elif need == 'embeddings':
            result = over(lambda x: F.relu(net.hidden(net.trunk(x))), U)
        elif need == 'passes':
            f, total, entropy = over(net.trunk, U), 0, 0
            for _ in range(20):
                p = F.softmax(over(net.head, f * ((torch.rand(f.shape[1], device=dev) > .25) / .75)), 1)
                total, entropy = total + p, entropy - torch.special.xlogy(p, p).sum(1)
            m = total / 20
            result = -torch.special.xlogy(m, m).sum(1) - entropy / 20
        else:
            views = [F.softmax(over(net, U), 1)] + [F.softmax(over(net, shift(U, *s)), 1) for s in SHIFTS]
            result = torch.stack(views).var(0, unbiased=False).sum(1)
        result.cpu()
    done()


def answer(q):
    global trained
    if q['do'] == 'open':
        return open_(q['setup'])
    if q['do'] == 'score' and trained is None:
        trained = train(1, 2)
    began, used = time.perf_counter(), time.process_time()
    if q['do'] == 'train':
        train(q['replicas'], q['steps'])
    else:
        score(q['replicas'], q['need'], q['images'])
    return dict(milliseconds=(time.perf_counter() - began) * 1000, processor=(time.process_time() - used) * 1000)


for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:
        reply = dict(error='%s: %s' % (type(error).__name__, error))
    print(json.dumps(reply), flush=True)
