"""Pages that come instead of a profile, most of them with status 200."""

from world import shell


def captcha() -> str:
    """A form that wants to see a human being."""
    return (
        "<!DOCTYPE html><html><head><title>Verify that you are human</title>"
        '<script src="https://www.google.com/recaptcha/api.js" async defer></script></head><body>'
        "<h1>Please show that you are not a robot</h1>"
        "<p>We have seen unusual traffic from your network. Solve the puzzle below to go on.</p>"
        '<form id="captcha-form" action="/verify" method="post">'
        '<div class="g-recaptcha" data-sitekey="made-up-key"></div><button>Continue</button></form></body></html>'
    )


def just_a_moment() -> str:
    """The waiting room of a content delivery network."""
    return (
        '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>'
        '<meta http-equiv="refresh" content="375"></head><body><div class="main-wrapper">'
        "<h1>www.scholarfeed.org</h1><p>Checking your browser. This may take a few seconds.</p>"
        "<noscript>Enable JavaScript and cookies to continue</noscript></div>"
        '<script>window._cf_chl_opt={cType:"managed",cRay:"0000000000000000"};</script>'
        '<script src="/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1"></script></body></html>'
    )


def login(build: str = "b1") -> str:
    """The site's own login page."""
    return shell.around(
        '<h1>Sign in to continue</h1><form method="post" action="/signin">'
        '<label>Email <input type="email" name="email" required></label>'
        '<label>Password <input type="password" name="password" required></label>'
        "<button>Sign in</button></form>",
        title="Sign in",
        build=build,
    )


def broken(status: int, phrase: str) -> str:
    """A plain error page."""
    return f"<!DOCTYPE html><html><head><title>{status} {phrase}</title></head><body><h1>{phrase}</h1></body></html>"
