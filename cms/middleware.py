"""The strict content security policy, loosened for the Wagtail admin alone.

Wagtail's admin still writes a few inline scripts and styles (date choosers); public pages have none.
"""


class AdminContentSecurityPolicyMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = {"script-src": ["'unsafe-inline'"], "style-src": ["'unsafe-inline'"]}
        return response
