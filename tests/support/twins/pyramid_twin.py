"""The Python half of tests/functional/test_pyramid_twins.py: the same app as pyramid_twin.cc."""

import warnings

from pyramid.config import Configurator
from pyramid.config.tweens import Tweens
from pyramid.csrf import CookieCSRFStoragePolicy
from pyramid.exceptions import ConfigurationError, CyclicDependencyError
from pyramid.httpexceptions import HTTPForbidden, exception_response
from pyramid.interfaces import IViewDerivers
from pyramid.renderers import JSONP
from pyramid.response import Response
from pyramid.traversal import resource_path
from pyramid.tweens import EXCVIEW


def items(dictionary):
    """Returns the texts; WebOb has b"" for an input for files that was left empty."""
    return [[name, str(value, "utf-8") if isinstance(value, bytes) else value]
            for name, value in dictionary.items() if isinstance(value, (str, bytes))]


def files(request):
    return [[field.name, field.filename, field.type, field.file.read().decode()]
            for field in request.POST.values() if not isinstance(field, (str, bytes))]


def chosen(dictionary):
    return {name: dictionary[name] for name, value in items(dictionary)}


def ask(request):
    """Reads the part of the request that the path names, and no other part."""
    return {
        "get": lambda: items(request.GET),
        "post": lambda: items(request.POST),
        "files": lambda: files(request),
        "params": lambda: [items(request.params), chosen(request.params)],
        "cookies": lambda: dict(request.cookies),
        "json": lambda: request.json_body,
        "body": lambda: len(request.body),
        "type": lambda: request.content_type,
        "path": lambda: [request.path, request.path_info, request.path_qs],
    }.get(request.matchdict["what"], lambda: request.matchdict["what"])()


def named(name):
    return lambda request: name


def include_asking(config):
    config.add_route("ask", "/ask/{what}")
    config.add_view(ask, route_name="ask", renderer="json")


def include_choices(config):
    config.add_route("choice", "/choice")

    def add(name, **predicates):
        config.add_view(named(name), route_name="choice", renderer="string", **predicates)

    add("any")
    add("post", request_method="POST")
    add("put or delete", request_method=("PUT", "DELETE"))
    add("a", request_param="a")
    add("a=1", request_param="a=1")
    add("a and b", request_param=("a", "b"))
    add("post a", request_method="POST", request_param="a")
    add("xhr", xhr=True)
    add("header", header="X-Kind")
    add("header digits", header=r"X-Kind:\d+")
    add("html", accept="text/html")
    add("json", accept="application/json")
    add("json v1", accept="application/json;v=1")
    # One for each type: between two, Pyramid's choice depends on the order of a set.
    add("html level 2", accept="text/html;level=2")
    add("json v1 of a", request_param="a", accept="application/json;v=1")

    config.add_route("strict", "/strict")
    config.add_view(named("v1"), route_name="strict", renderer="string", accept="application/json;v=1")


def include_routes(config):
    def show(request):
        return {"route": request.matched_route.name, "matchdict": request.matchdict}

    def add(name, pattern, **options):
        config.add_route(name, pattern, **options)
        config.add_view(show, route_name=name, renderer="json")

    add("formed", "/routes/form", request_param="a=form")
    add("unformed", "/routes/form")
    add("digits", r"/routes/{n:\d+}/x")
    add("pair", "/routes/{a}-{b}")
    add("one", "/routes/{a}")
    add("slash", "/slash/{a}/")
    config.add_route("never", "/never/{a}/", static=True)
    config.add_route("elsewhere", "https://example.com/elsewhere/")
    add("rest", "/rest/*rest")
    add("colon", "/colon/{a}/:b")
    config.add_notfound_view(
        lambda request: Response("nothing at " + request.path_info, status=404), append_slash=True)


class Node(dict):
    def __init__(self, name="", parent=None):
        super().__init__()
        self.__name__ = name
        self.__parent__ = parent

    def add(self, name):
        self[name] = Node(name, self)
        return self[name]


def make_tree(request):
    root = Node()
    root.add("a").add("b").add("c d")
    root.add("\u00e9")
    return root


def include_tree(config):
    def show(view):
        def answer(context, request):
            return {
                "view": view,
                "context": resource_path(context),
                "name": request.view_name,
                "subpath": request.subpath,
                "traversed": request.traversed,
                "url": request.resource_url(context, query=list(request.GET.items())),
            }

        return answer

    config.add_route("tree", "/tree/*traverse", factory=make_tree)
    config.add_view(show("default"), route_name="tree", renderer="json")
    config.add_view(show("edit"), route_name="tree", name="edit", renderer="json")
    config.add_view(show("edit of b"), route_name="tree", name="edit", renderer="json",
                    physical_path="/a/b")


def include_frames(config):
    def rendered(request):
        request.response.status_code = 202
        request.response.headers["X-Inner"] = "1"
        return request.matchdict["kind"]

    def response(request):
        made = Response("made", 201, content_type="text/plain")
        made.headers["X-Inner"] = "2"
        return made

    def forbidden(request):
        raise HTTPForbidden("not framed")

    config.add_route("framed", "/framed/{kind}")
    config.add_view(rendered, route_name="framed", renderer="string", wrapper="frame")
    config.add_view(response, route_name="framed", match_param="kind=response", wrapper="frame")
    config.add_view(forbidden, route_name="framed", match_param="kind=forbidden", wrapper="frame")
    config.add_view(lambda request: "[" + request.wrapped_body.decode() + "]", name="frame", renderer="string")


def include_answers(config):
    def raising(request):
        raise exception_response(int(request.matchdict["code"]), detail=request.GET.get("why", ""))

    def set_cookie(request):
        response = Response("set")
        response.set_cookie(request.GET.get("name", "n"), request.GET.get("value", ""))
        return response

    def urls(request):
        a = request.GET.get("a", "")
        return [
            request.route_path("one", a=a),
            request.route_path("one", a=a, _query=list(request.GET.items()), _anchor=a),
            request.route_path("rest", a, "x", rest=a),
            request.route_url("elsewhere", _query=[(a, a)]),
        ]

    def etag(request):
        return Response("tagged", etag="e", conditional_response=True)

    config.add_route("jsonp", "/jsonp")
    config.add_renderer("jsonp", JSONP(param_name="callback"))
    config.add_view(lambda request: {"q": request.GET.get("q", "")}, route_name="jsonp", renderer="jsonp")
    config.add_route("raise", "/raise/{code}")
    config.add_view(raising, route_name="raise")
    config.add_route("set_cookie", "/set_cookie")
    config.add_view(set_cookie, route_name="set_cookie")
    config.add_route("urls", "/urls")
    config.add_view(urls, route_name="urls", renderer="json")
    config.add_route("etag", "/etag")
    config.add_view(etag, route_name="etag")
    config.set_csrf_storage_policy(CookieCSRFStoragePolicy())
    config.add_route("csrf", "/csrf")
    config.add_view(named("passed"), route_name="csrf", renderer="string", require_csrf=True)


def bad_request(error, request):
    """Answers malformed input as aiopyr does; Pyramid leaves that to the app."""
    return Response(status=400)


def make_app():
    warnings.simplefilter("ignore", DeprecationWarning)
    config = Configurator()
    for part in (include_asking, include_choices, include_routes, include_tree, include_frames, include_answers):
        config.include(part)
    # Catches UnicodeDecodeError and JSONDecodeError, among others.
    config.add_view(bad_request, context=ValueError, exception_only=True)
    return config.make_wsgi_app()


def tween_order(wishes):
    """Returns the names from the server to the views, or None if Pyramid refuses them."""

    def places(names):
        return names and [EXCVIEW if name == "EXCVIEW" else name for name in names]

    tweens = Tweens()
    tweens.add_implicit(EXCVIEW, EXCVIEW)
    for wish in wishes:
        tweens.add_implicit(wish["name"], None, places(wish.get("under")), places(wish.get("over")))
    try:
        return ["EXCVIEW" if name == EXCVIEW else name for name, _ in tweens.implicit()]
    except (ConfigurationError, CyclicDependencyError):
        return None


class Derivers:
    """The view derivers of an app, in their order."""

    def __init__(self):
        self.config = Configurator(autocommit=True)
        self.sorter = self.config.registry.queryUtility(IViewDerivers)

    def order(self, wishes):
        """Returns the names from the request down to the renderer; None if Pyramid has no order, or one
        with derivers of the app's own below the renderer, where aiopyr has no place."""
        names = self.all_names(wishes)
        return names[:-2] if names and names[-2:] == ["rendered_view", "mapped_view"] else None

    def all_names(self, wishes):
        """Returns the names from the request down to the view; None if Pyramid has no order."""
        added = []
        try:
            for wish in wishes:
                self.config.add_view_deriver(
                    lambda view, info: view, wish["name"], wish.get("under"), wish.get("over"))
                added.append(wish["name"])
            return [name for name, _ in self.sorter.sorted()]
        except (ConfigurationError, CyclicDependencyError):
            return None
        finally:
            for name in added:
                self.sorter.remove(name)
