"""PyTorch: the function as its user writes it, the derivatives by autograd."""
import os
import time

import numpy as np
import torch
from protocol import case, serve
from torch.autograd.functional import hessian
from torch.nn import functional as F

threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
torch.set_num_threads(threads)

# The variants in which a Hessian is asked for.
variants = {"": {}, "/vectorize": {"vectorize": True}}


def hessian_cases(name, make):
    """make(d) = (function, point, name of the result), in all variants."""

    def register(suffix, options):
        @case(name + suffix)
        def prepare(d):
            f, at, output = make(d)
            return lambda: {output: hessian(f, at, **options)}

    for suffix, options in variants.items():
        register(suffix, options)


def gradients(f, *at):
    at = [a.detach().requires_grad_() for a in at]
    value = f(*at)
    return value.detach(), torch.autograd.grad(value, at)


hessian_cases("quadratic", lambda d: (lambda x: x @ (d["A"] @ x), d["x"], "dxdx"))
hessian_cases("logsumexp", lambda d: (lambda x: torch.logsumexp(x, 0), d["x"], "dxdx"))
hessian_cases("crossentropy", lambda d: (lambda x: -(d["y"] @ F.log_softmax(x, 0)), d["x"], "dxdx"))


def logistic_cases(suffix, options):
    @case("logistic" + suffix)
    def prepare(d):
        X, y, w = d["X"], d["y"], d["w"]

        def f(w):
            return F.softplus(-y * (X @ w)).sum()

        return lambda: {"dw": gradients(f, w)[1][0], "dwdw": hessian(f, w, **options)}


for suffix, options in variants.items():
    logistic_cases(suffix, options)


def factorisation_loss(d):
    T, V = d["T"], d["V"]
    return lambda U: ((T - U @ V.T) ** 2).sum()


# The full Hessian takes about a minute: a Newton step on the same data goes on from it, and its time counts it.
kept = {}


def keep_hessian(d):
    start = time.perf_counter()
    kept["H"] = hessian(factorisation_loss(d), d["U"])
    kept["seconds"] = time.perf_counter() - start
    kept["of"] = fingerprint(d)
    return {}


def fingerprint(d):
    return tuple(float(d[name].sum()) for name in "TUV")


@case("factorisation")
def factorisation(d):
    def core_and_rest(_):
        """The block of one row of U, and the largest entry outside such blocks and in their differences."""
        H, rows = kept["H"], torch.arange(len(d["U"]))
        core = H[0, :, 0, :].clone()
        H[rows, :, rows, :] -= core
        rest = H.abs().max()
        H[rows, :, rows, :] += core
        return {"core": core, "rest": rest}

    return lambda: keep_hessian(d), core_and_rest


@case("newton")
def newton(d):
    U, f = d["U"], factorisation_loss(d)
    if kept.get("of") != fingerprint(d):
        keep_hessian(d)

    def call():
        H = kept["H"].reshape(U.numel(), U.numel())
        (g,) = gradients(f, U)[1]
        return {"newtonU": torch.linalg.solve(H, g.reshape(-1)).reshape(U.shape)}

    return call, lambda result: result, lambda: kept["seconds"]


def weights(d):
    """W1, b1, W2, b2 … in order, as many layers as there are."""
    layers = sum(name.startswith("W") for name in d)
    return [d[letter + str(k)] for k in range(1, layers + 1) for letter in "Wb"]


def network(d):
    X, labels = d["A0"], d["Y"].argmax(1)

    def loss(*parameters):
        A = X
        for k in range(0, len(parameters), 2):
            Z = torch.addmm(parameters[k + 1], A, parameters[k])
            A = F.relu(Z)
        return F.cross_entropy(Z, labels, reduction="sum")

    return loss


@case("network")
def network_gradient(d):
    loss, at = network(d), weights(d)
    names = [f"d{letter}{k}" for k in range(1, len(at) // 2 + 1) for letter in "Wb"]

    def call():
        value, g = gradients(loss, *at)
        return {"value": value, **dict(zip(names, g))}

    return call


def first_layer(d):
    loss, (W1, *others) = network(d), weights(d)
    return (lambda W: loss(W, *others)), W1, "dW1dW1"


hessian_cases("firstlayer", first_layer)


def gmm(d):
    """ADBench's objective with its packing of icf, for all points and components at once."""
    alphas, means, icf, X, c = d["alphas"], d["means"], d["icf"], d["X"], d["c"]
    g, m = d["g"], d["m"]
    n, dim = X.shape
    column, row = torch.triu_indices(dim, dim, 1)

    def objective(alphas, means, icf):
        q = icf[:, :dim]
        L = torch.diag_embed(torch.exp(q))
        L[:, row, column] = icf[:, dim:]
        R = torch.einsum("nj,kij->nki", X, L) - torch.einsum("kij,kj->ki", L, means)
        inner = alphas + q.sum(1) - 0.5 * (R * R).sum(2)
        likelihood = torch.logsumexp(inner, 1).sum() - n * torch.logsumexp(alphas, 0)
        return c + likelihood + 0.5 * g**2 * (L * L).sum() - m * q.sum()

    return objective, (alphas, means, icf)


@case("gmm")
def gmm_gradient(d):
    objective, at = gmm(d)

    def call():
        value, (dalphas, dmeans, dicf) = gradients(objective, *at)
        return {"value": value, "dalphas": dalphas, "dmeans": dmeans, "dicf": dicf}

    return call


@case("gmm/centred")
def gmm_centred(d):
    """As ADBench's own PyTorch module does it: each point less each mean first."""
    alphas, means, icf, X, c = d["alphas"], d["means"], d["icf"], d["X"], d["c"]
    g, m = d["g"], d["m"]
    n, dim = X.shape
    column, row = torch.triu_indices(dim, dim, 1)

    def objective(alphas, means, icf):
        q, l = icf[:, :dim], icf[:, dim:]
        L = torch.zeros(len(alphas), dim, dim, dtype=X.dtype)
        L[:, row, column] = l
        Q = torch.exp(q)
        centred = X[:, None, :] - means
        R = Q * centred + torch.matmul(L, centred[..., None]).squeeze(-1)
        inner = alphas + q.sum(1) - 0.5 * (R * R).sum(2)
        likelihood = torch.logsumexp(inner, 1).sum() - n * torch.logsumexp(alphas, 0)
        return c + likelihood + 0.5 * g**2 * ((Q * Q).sum() + (l * l).sum()) - m * q.sum()

    def call():
        value, (dalphas, dmeans, dicf) = gradients(objective, alphas, means, icf)
        return {"value": value, "dalphas": dalphas, "dmeans": dmeans, "dicf": dicf}

    return call


@case("tiny")
def tiny(d):
    A, x, y = d["A"], d["x"], d["y"]
    return lambda: {"dx": A.T @ (torch.sigmoid(A @ x) - y)}


if __name__ == "__main__":
    serve(f"PyTorch {torch.__version__}", threads, torch.from_numpy, lambda t: t.detach().numpy())
