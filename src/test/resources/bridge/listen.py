"""Says what it hears at "news" until it hears the end, and publishes each at "echoed"."""

import sys

from polywire import Polywire

with Polywire(port=int(sys.argv[1]), token=sys.argv[2]) as polywire, \
        Polywire(port=int(sys.argv[1]), token=sys.argv[2]) as second:
    print("listening", flush=True)
    for event in polywire.listen("news"):
        print(event["text"], flush=True)
        second.publish("echoed", action="tell", text=event["text"])
        if event["text"] == "end":
            break
