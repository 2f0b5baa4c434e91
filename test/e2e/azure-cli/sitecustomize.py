"""Gives the clients of Debian's azure-mgmt-authorization back their `config`.

Azure CLI 2.45 was made for the release of that SDK in which they had one, so that without it its
role commands stop before they ask anything. Nothing else is changed, of the CLI nothing at all.
"""

import importlib.machinery
import sys


class Finder:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if not (name.startswith("azure.mgmt.authorization.v") and name.endswith("operations")):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            for it in vars(module).values():
                if isinstance(it, type) and it.__name__.endswith("Operations"):
                    it.config = property(lambda self: self._config)

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Finder)
