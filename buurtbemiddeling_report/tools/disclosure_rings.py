"""Rings of hidden numbers along which cases could move without a sum changing."""


def bridges(edges):
    """Return the edges of a graph that lie on no ring.

    :param edges: ``{name: (node, node)}``, also several between the same two nodes

    >>> sorted(bridges({"a": (1, 2), "b": (2, 3), "c": (3, 1), "d": (3, 4)}))
    ['d']
    >>> bridges({"a": (1, 2), "b": (1, 2)})
    []
    """
    ends = {}
    for name, (first, second) in edges.items():
        ends.setdefault(first, []).append((name, second))
        ends.setdefault(second, []).append((name, first))
    seen, low, result = {}, {}, []
    for root in ends:
        if root in seen:
            continue
        seen[root] = low[root] = len(seen)
        path = [(root, None, iter(ends[root]))]
        while path:
            node, came_by, following = path[-1]
            for name, other in following:
                if name == came_by:
                    continue
                if other in seen:
                    low[node] = min(low[node], seen[other])
                else:
                    seen[other] = low[other] = len(seen)
                    path.append((other, name, iter(ends[other])))
                    break
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[node])
                    if low[node] > seen[above]:
                        result.append(came_by)
    return result
