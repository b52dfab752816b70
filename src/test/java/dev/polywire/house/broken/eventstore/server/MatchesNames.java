package dev.polywire.house.broken.eventstore.server;

import com.google.re2j.Pattern;
import dev.polywire.house.Breaks;

@Breaks("RE2")
interface MatchesNames {

    Pattern pattern();
}
