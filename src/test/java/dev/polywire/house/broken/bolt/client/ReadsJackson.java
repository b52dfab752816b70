package dev.polywire.house.broken.bolt.client;

import com.fasterxml.jackson.core.JsonParser;
import dev.polywire.house.Breaks;

@Breaks("Jackson core")
public interface ReadsJackson {

    JsonParser parser();
}
