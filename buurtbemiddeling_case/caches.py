"""Forgetting what the registry keeps for all users (``ormcache``)."""

DONE = "buurtbemiddeling_caches"


def forget(env):
    """Clear what is kept, now and once more when the transaction ends, committed or not.

    In between others may have kept what was there before, and a part of it may be taken back.
    """
    clear, cr = env.registry.clear_cache, env.cr
    clear()
    for ending in (cr.postcommit, cr.postrollback):
        if DONE not in ending.data:
            ending.data[DONE] = True
            ending.add(clear)
