package dev.polywire.house.broken.eventstore.server;

import com.google.re2j.Pattern;
import dev.polywire.house.Breaks;

@Breaks("RE2")
final class MatchesByRe2 {

    Pattern pattern() {
        return null;
    }
}
