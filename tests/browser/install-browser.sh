#!/bin/sh
# Install Chromium and a Chinese font where apt may do so; otherwise say what will not be tested.
set -u
find_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if ! find_browser >/dev/null; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        echo "Installing Chromium and fonts for the browser tests ..."
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
            --no-install-recommends chromium fonts-noto-cjk >/dev/null
    fi
fi
if ! find_browser >/dev/null; then
    echo "No Chromium here and none could be installed: the tests in tests/browser will not run."
    echo "Install one (Debian/Ubuntu: sudo apt install chromium fonts-noto-cjk) or set CHROMIUM=PATH."
fi
exit 0
