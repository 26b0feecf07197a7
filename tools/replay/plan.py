"""The plan: calls that together touch nearly every operation of ARI, in an order that makes them work.

``record`` follows it to record a server, ``try_api`` to try one.  It wants the dialplan of
``asterisk.py``.  Ids are chosen here, so that each recording has the same requests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: The applications that whoever follows the plan must be connected as.
APPLICATIONS = ("hello", "other")


@dataclass(frozen=True)
class Step:
    """One call and what must come of it.

    ``status`` is the expected one.  ``wait`` says for what to wait after the call: ``{"event": TYPE,
    "id": ID}`` (and ``"application"``) for an event that names an object so, ``"pause": SECONDS`` for a
    pause (after the event, if there is one).
    """

    about: str
    operation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    wait: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """What the step is called in a recording."""
        return f"{self.operation}: {self.about}"


def _event(kind: str, of: str, **more: Any) -> dict[str, Any]:
    return {"event": kind, "id": of, **more}


def steps() -> list[Step]:
    """The whole plan."""
    return [
        *_asterisk(),
        *_sounds_and_endpoints(),
        *_states(),
        *_applications(),
        *_channels(),
        *_media(),
        *_recordings(),
        *_bridges(),
        *_sip(),
        *_ends(),
    ]


def _asterisk() -> list[Step]:
    config = {"configClass": "res_pjsip", "objectType": "aor", "id": "carol"}
    fields = [
        {"attribute": "max_contacts", "value": "2"},
        {"attribute": "contact", "value": "sip:carol@127.0.0.1"},
    ]
    bad = [{"attribute": "nonsense", "value": "1"}]
    echo = {"moduleName": "app_morsecode.so"}
    log = {"logChannelName": "extra.log"}
    return [
        Step("ping", "asterisk.ping"),
        Step("all", "asterisk.getInfo"),
        Step("two parts", "asterisk.getInfo", {"only": ["build", "status"]}),
        Step("all", "asterisk.listModules"),
        Step("one", "asterisk.getModule", echo),
        Step("unknown", "asterisk.getModule", {"moduleName": "app_nothing.so"}, 404),
        Step("one that is loaded", "asterisk.loadModule", echo, 409),
        Step("one", "asterisk.unloadModule", echo, 204),
        Step("one that is not loaded", "asterisk.unloadModule", echo, 404),
        Step("one", "asterisk.loadModule", echo, 204),
        Step("one", "asterisk.reloadModule", {"moduleName": "res_musiconhold.so"}, 204),
        Step("unknown", "asterisk.reloadModule", {"moduleName": "app_nothing.so"}, 404),
        Step("one", "asterisk.addLog", {**log, "configuration": "notice,warning"}, 204),
        Step("one that exists", "asterisk.addLog", {**log, "configuration": "notice"}, 409),
        Step("all", "asterisk.listLogChannels"),
        Step("one", "asterisk.deleteLog", log, 204),
        Step("unknown", "asterisk.deleteLog", log, 404),
        # Last: Asterisk finds no log again that was added before a rotation.
        Step("one", "asterisk.rotateLog", {"logChannelName": "messages.log"}, 204),
        Step("unknown", "asterisk.rotateLog", log, 404),
        Step("one", "asterisk.setGlobalVar", {"variable": "GREETING", "value": "é & +1"}, 204),
        Step("one", "asterisk.getGlobalVar", {"variable": "GREETING"}),
        Step("an unset one", "asterisk.getGlobalVar", {"variable": "NOTHING"}),
        Step("new", "asterisk.updateObject", {**config, "fields": fields}),
        Step("one", "asterisk.getObject", config),
        Step("a bad field", "asterisk.updateObject", {**config, "fields": bad}, 400),
        Step("one", "asterisk.deleteObject", config, 204),
        Step("deleted", "asterisk.getObject", config, 404),
        Step("deleted", "asterisk.deleteObject", config, 404),
    ]


def _sounds_and_endpoints() -> list[Step]:
    alice = {"tech": "PJSIP", "resource": "alice"}
    sender = {"from": "sip:bob@127.0.0.1"}
    variables = {"variables": {"X-Test": "1"}}
    return [
        Step("of one format", "sounds.list", {"lang": "en", "format": "gsm"}),
        Step("of no language", "sounds.list", {"lang": "tlh"}, 404),
        Step("one", "sounds.get", {"soundId": "hello-world"}),
        Step("one with a slash", "sounds.get", {"soundId": "digits/1"}),
        Step("unknown", "sounds.get", {"soundId": "nothing"}, 404),
        Step("all", "endpoints.list"),
        Step("of a technology", "endpoints.listByTech", {"tech": "PJSIP"}),
        Step("of no technology", "endpoints.listByTech", {"tech": "Nothing"}, 404),
        Step("one", "endpoints.get", alice),
        Step("unknown", "endpoints.get", {"tech": "PJSIP", "resource": "nobody"}, 404),
        Step(
            "by URI",
            "endpoints.sendMessage",
            {"to": "pjsip:alice", **sender, "body": "Grüße", **variables},
            202,
        ),
        Step(
            "to nobody",
            "endpoints.sendMessage",
            {"to": "nothing:alice", **sender, "body": "x"},
            404,
        ),
        Step("one", "endpoints.sendMessageToEndpoint", {**alice, **sender, "body": "hello"}, 202),
        Step(
            "by URI",
            "endpoints.refer",
            {"to": "pjsip:alice", **sender, "refer_to": "sip:carol@127.0.0.1", "to_self": False},
            202,
        ),
        Step(
            "one",
            "endpoints.referToEndpoint",
            {**alice, **sender, "refer_to": "sip:carol@127.0.0.1"},
            202,
        ),
    ]


def _states() -> list[Step]:
    lamp = {"deviceName": "Stasis:lamp/1"}
    box = {"mailboxName": "100@default"}
    return [
        Step(
            "a new one",
            "deviceStates.update",
            {**lamp, "deviceState": "INUSE"},
            204,
            {"pause": 0.2},
        ),
        Step("all", "deviceStates.list"),
        Step("one", "deviceStates.get", lamp),
        Step(
            "an uncontrolled one",
            "deviceStates.update",
            {"deviceName": "PJSIP/alice", "deviceState": "BUSY"},
            409,
        ),
        Step("one", "deviceStates.delete", lamp, 204),
        Step("an uncontrolled one", "deviceStates.delete", {"deviceName": "PJSIP/alice"}, 409),
        # Debian's Asterisk has no external message waiting, so these are not there.
        Step("without its module", "mailboxes.list", {}, 404),
        Step("without its module", "mailboxes.get", box, 404),
        Step(
            "without its module",
            "mailboxes.update",
            {**box, "oldMessages": 1, "newMessages": 2},
            404,
        ),
        Step("without its module", "mailboxes.delete", box, 404),
    ]


def _applications() -> list[Step]:
    hello = {"applicationName": "hello"}
    source = {"eventSource": ["endpoint:PJSIP/alice", "deviceState:Stasis:lamp"]}
    quiet = {"filter": {"disallowed": [{"type": "ChannelVarset"}, {"type": "ChannelDialplan"}]}}
    return [
        Step("all", "applications.list"),
        Step("one", "applications.get", hello),
        Step("unknown", "applications.get", {"applicationName": "nobody"}, 404),
        Step("several", "applications.subscribe", {**hello, **source}),
        Step("unknown", "applications.subscribe", {**hello, "eventSource": ["channel:no"]}, 422),
        Step("no scheme", "applications.subscribe", {**hello, "eventSource": ["nonsense"]}, 400),
        Step("several", "applications.unsubscribe", {**hello, **source}),
        Step("not there", "applications.unsubscribe", {**hello, "eventSource": ["channel:x"]}, 422),
        Step("two types", "applications.filter", {**hello, **quiet}),
        Step("none", "applications.filter", {**hello, "filter": {}}),
        Step("two types again", "applications.filter", {**hello, **quiet}),
        Step(
            "with variables",
            "events.userEvent",
            {"eventName": "shout", "application": "hello", "variables": {"loud": "yes"}},
            204,
        ),
        Step(
            "to nobody",
            "events.userEvent",
            {"eventName": "shout", "application": "nobody"},
            404,
        ),
    ]


def _channels() -> list[Step]:
    caller = {"channelId": "in1"}
    into = {"app": "hello"}
    return [
        # First of all: after an id that was taken Asterisk answers this one with 409, too.
        Step(
            "unknown technology",
            "channels.originate",
            {"endpoint": "Nothing/1", **into},
            500,
        ),
        Step(
            "into an application",
            "channels.originate",
            {
                "endpoint": "Local/200@default",
                **into,
                "appArgs": "a,b",
                "callerId": "Tester <4711>",
                "channelId": "c1",
                "otherChannelId": "c1-far",
                "variables": {"A": "1"},
            },
            200,
            _event("StasisStart", "c1"),
        ),
        Step(
            "with a taken id",
            "channels.originateWithId",
            {"channelId": "c1", "endpoint": "Local/200@default", **into},
            409,
        ),
        Step(
            "one",
            "channels.originateWithId",
            {"channelId": "c/2", "endpoint": "Local/205@default", **into},
            200,
            _event("StasisStart", "c/2"),
        ),
        Step(
            "neither application nor extension",
            "channels.originate",
            {"endpoint": "Local/200@default"},
            400,
        ),
        Step(
            "one",
            "channels.create",
            {"endpoint": "Local/200@default", **into, "channelId": "c3", "appArgs": "x"},
            200,
            {"pause": 0.2},
        ),
        Step(
            "a created one",
            "channels.dial",
            {"channelId": "c3", "timeout": 10},
            204,
            {"event": "StasisStart", "id": "c3"},
        ),
        Step("one that is up", "channels.dial", {"channelId": "c1"}, 409),
        Step("all", "channels.list"),
        Step("one", "channels.get", {"channelId": "c1"}),
        Step("with a slash", "channels.get", {"channelId": "c/2"}),
        Step("unknown", "channels.get", {"channelId": "nobody"}, 404),
        Step(
            "from the dialplan",
            "channels.originate",
            {
                "endpoint": "Local/300@default",
                "context": "default",
                "extension": "400",
                "priority": 1,
                "channelId": "out1",
                "otherChannelId": "in1",
            },
            200,
            _event("StasisStart", "in1"),
        ),
        Step("not in an application", "channels.ring", {"channelId": "c1-far"}, 409),
        Step("unknown", "channels.ring", {"channelId": "nobody"}, 404),
        Step("one", "channels.ring", caller, 204),
        Step("one", "channels.ringStop", caller, 204),
        Step("one", "channels.progress", caller, 204),
        Step("one", "channels.answer", caller, 204, {"pause": 0.3}),
        Step("digits", "channels.sendDTMF", {**caller, "dtmf": "12#", "between": 50}, 204),
        Step("one", "channels.mute", {**caller, "direction": "in"}, 204),
        Step("one", "channels.unmute", {**caller, "direction": "in"}, 204),
        Step("one", "channels.hold", caller, 204),
        Step("one", "channels.unhold", caller, 204),
        Step("one", "channels.startSilence", caller, 204),
        Step("one", "channels.stopSilence", caller, 204),
        Step("one", "channels.startMoh", {**caller, "mohClass": "default"}, 204),
        Step("one", "channels.stopMoh", caller, 204),
        Step(
            "one",
            "channels.setChannelVar",
            {**caller, "variable": "NOTE", "value": "x & y", "report_events": True},
            204,
        ),
        Step("one", "channels.getChannelVar", {**caller, "variable": "NOTE"}),
        Step("a function", "channels.getChannelVar", {**caller, "variable": "CHANNEL(name)"}),
        Step("an unset one", "channels.getChannelVar", {**caller, "variable": "NOTHING"}, 404),
        Step(
            "several",
            "channels.setChannelVars",
            {**caller, "variables": {"B": "2", "C": {"value": "3", "report_events": True}}},
            204,
        ),
        Step("several", "channels.getChannelVars", {**caller, "variables": ["NOTE", "B", "C"]}),
        Step(
            "a function among them",
            "channels.getChannelVars",
            {**caller, "variables": ["B", "CHANNEL(state)"]},
        ),
        Step(
            "one",
            "channels.snoopChannel",
            {**caller, "spy": "both", **into, "snoopId": "s1"},
            200,
            _event("StasisStart", "s1"),
        ),
        Step(
            "one",
            "channels.snoopChannelWithId",
            {**caller, "snoopId": "s2", "whisper": "out", **into},
            200,
            _event("StasisStart", "s2"),
        ),
        Step("unknown", "channels.snoopChannel", {"channelId": "nobody", **into, "spy": "in"}, 404),
        Step("without a direction", "channels.snoopChannel", {**caller, **into}, 400),
        Step("one", "channels.hangup", {"channelId": "s1"}, 204),
        Step("for a reason", "channels.hangup", {"channelId": "s2", "reason": "busy"}, 204),
        Step("unknown", "channels.hangup", {"channelId": "nobody"}, 404),
        Step(
            "to the other application",
            "channels.move",
            {"channelId": "c3", "app": "other", "appArgs": "moved"},
            204,
            _event("StasisStart", "c3", application="other"),
        ),
        Step(
            "a broadcast call",
            "channels.originate",
            {
                "endpoint": "Local/310@default",
                "context": "default",
                "extension": "400",
                "priority": 1,
                "channelId": "out2",
                "otherChannelId": "in2",
            },
            200,
            _event("CallBroadcast", "in2"),
        ),
        Step(
            "one",
            "events.claimChannel",
            {"channelId": "in2", "application": "hello"},
            204,
            _event("StasisStart", "in2"),
        ),
        Step(
            "claimed already",
            "events.claimChannel",
            {"channelId": "in2", "application": "hello"},
            409,
        ),
        Step(
            "not broadcast",
            "events.claimChannel",
            {"channelId": "nobody", "application": "hello"},
            404,
        ),
    ]


def _media() -> list[Step]:
    caller = {"channelId": "in1"}
    return [
        Step(
            "a tone",
            "channels.play",
            {**caller, "media": ["tone:ring"], "playbackId": "p1"},
            201,
            _event("PlaybackStarted", "p1"),
        ),
        Step("one", "playbacks.get", {"playbackId": "p1"}),
        Step("to pause", "playbacks.control", {"playbackId": "p1", "operation": "pause"}, 204),
        Step("to go on", "playbacks.control", {"playbackId": "p1", "operation": "unpause"}, 204),
        Step(
            "one",
            "playbacks.stop",
            {"playbackId": "p1"},
            204,
            _event("PlaybackFinished", "p1", pause=0.3),
        ),
        Step("over", "playbacks.get", {"playbackId": "p1"}, 404),
        Step("over", "playbacks.stop", {"playbackId": "p1"}, 404),
        Step("over", "playbacks.control", {"playbackId": "p1", "operation": "pause"}, 404),
        Step(
            "two sounds",
            "channels.playWithId",
            {
                **caller,
                "playbackId": "p/2",
                "media": ["sound:digits/1", "sound:digits/2"],
                "lang": "en",
            },
            201,
            _event("PlaybackFinished", "p/2"),
        ),
        Step("to nobody", "channels.play", {"channelId": "nobody", "media": ["tone:ring"]}, 404),
        Step(
            "not in an application",
            "channels.play",
            {"channelId": "c1-far", "media": ["tone:ring"]},
            409,
        ),
    ]


def _recordings() -> list[Step]:
    take = {"channelId": "c/2", "format": "wav"}
    live = {"recordingName": "takes/1"}
    return [
        Step(
            "one",
            "channels.record",
            {**take, "name": "takes/1", "maxDurationSeconds": 30, "ifExists": "overwrite"},
            201,
            _event("RecordingStarted", "takes/1"),
        ),
        Step("an unknown format", "channels.record", {**take, "name": "x", "format": "no"}, 422),
        Step("one", "recordings.getLive", live),
        Step("one", "recordings.pause", live, 204),
        Step("one", "recordings.unpause", live, 204),
        Step("one", "recordings.mute", live, 204),
        Step("one", "recordings.unmute", live, 204, {"pause": 0.2}),
        Step(
            "one", "recordings.stop", live, 204, _event("RecordingFinished", "takes/1", pause=0.3)
        ),
        Step("over", "recordings.getLive", live, 404),
        Step("over", "recordings.stop", live, 404),
        Step("over", "recordings.pause", live, 404),
        Step("over", "recordings.unpause", live, 404),
        Step("over", "recordings.mute", live, 404),
        Step("over", "recordings.unmute", live, 404),
        Step("over", "recordings.cancel", live, 404),
        Step("that exists", "channels.record", {**take, "name": "takes/1"}, 409),
        Step("all", "recordings.listStored"),
        Step("one", "recordings.getStored", live),
        Step("one", "recordings.getStoredFile", live),
        Step(
            "one",
            "recordings.copyStored",
            {**live, "destinationRecordingName": "takes/2"},
        ),
        Step(
            "onto itself",
            "recordings.copyStored",
            {**live, "destinationRecordingName": "takes/2"},
            409,
        ),
        Step("one", "recordings.deleteStored", {"recordingName": "takes/2"}, 204),
        Step("deleted", "recordings.deleteStored", {"recordingName": "takes/2"}, 404),
        Step("deleted", "recordings.getStored", {"recordingName": "takes/2"}, 404),
        Step("deleted", "recordings.getStoredFile", {"recordingName": "takes/2"}, 404),
        Step(
            "another",
            "channels.record",
            {**take, "name": "wasted", "beep": False, "terminateOn": "#"},
            201,
            _event("RecordingStarted", "wasted"),
        ),
        Step(
            "one",
            "recordings.cancel",
            {"recordingName": "wasted"},
            204,
            _event("RecordingFinished", "wasted"),
        ),
    ]


def _bridges() -> list[Step]:
    room = {"bridgeId": "b/1"}
    return [
        Step("with all", "bridges.create", {"type": "mixing", "bridgeId": "b2", "name": "second"}),
        Step(
            "one",
            "bridges.createWithId",
            {**room, "type": "mixing,dtmf_events", "name": "first", "variables": {"ROOM": "1"}},
        ),
        Step("a bogus type", "bridges.create", {"type": "bogus", "bridgeId": "b3"}, 500),
        Step("all", "bridges.list"),
        Step("one", "bridges.get", room),
        Step("unknown", "bridges.get", {"bridgeId": "nothing"}, 404),
        Step("one", "bridges.setBridgeVar", {**room, "variable": "LIMIT", "value": "20"}, 204),
        Step("one", "bridges.getBridgeVar", {**room, "variable": "LIMIT"}),
        Step("an unset one", "bridges.getBridgeVar", {**room, "variable": "NOTHING"}, 404),
        Step("several", "bridges.setBridgeVars", {**room, "variables": {"D": "4", "E": "5"}}, 204),
        Step("several", "bridges.getBridgeVars", {**room, "variables": ["ROOM", "LIMIT", "D"]}),
        Step(
            "two",
            "bridges.addChannel",
            {**room, "channel": ["c1", "in1"], "role": "participant", "absorbDTMF": False},
            204,
            _event("ChannelEnteredBridge", "in1", pause=0.1),
        ),
        Step("unknown", "bridges.addChannel", {**room, "channel": ["nobody"]}, 400),
        Step("not in an application", "bridges.addChannel", {**room, "channel": ["c1-far"]}, 422),
        Step("with channels", "bridges.get", room),
        Step("one", "bridges.setVideoSource", {**room, "channelId": "c1"}, 204),
        Step("one", "bridges.clearVideoSource", room, 204),
        Step(
            "one",
            "bridges.play",
            {**room, "media": ["sound:digits/2"], "lang": "en", "skipms": 1000, "playbackId": "p3"},
            201,
            _event("PlaybackFinished", "p3"),
        ),
        Step(
            "one",
            "bridges.playWithId",
            {**room, "playbackId": "p4", "media": ["sound:digits/3"]},
            201,
            _event("PlaybackFinished", "p4"),
        ),
        Step("to nobody", "bridges.play", {"bridgeId": "nothing", "media": ["tone:ring"]}, 404),
        Step(
            "one",
            "bridges.record",
            {**room, "name": "meeting", "format": "wav", "beep": False},
            201,
            _event("RecordingStarted", "meeting"),
        ),
        Step(
            "of a bridge",
            "recordings.stop",
            {"recordingName": "meeting"},
            204,
            _event("RecordingFinished", "meeting"),
        ),
        Step("one", "bridges.startMoh", {**room, "mohClass": "default"}, 204),
        Step("one", "bridges.stopMoh", room, 204),
        Step("none plays", "bridges.stopMoh", room, 409),
        Step(
            "one",
            "bridges.removeChannel",
            {**room, "channel": ["in1"]},
            204,
            _event("ChannelLeftBridge", "in1"),
        ),
        Step("not in it", "bridges.removeChannel", {**room, "channel": ["in1"]}, 422),
        Step("one", "bridges.destroy", room, 204, {"pause": 0.5}),
        Step("destroyed", "bridges.destroy", room, 404),
        Step("another", "bridges.destroy", {"bridgeId": "b2"}, 204),
    ]


def _sip() -> list[Step]:
    return [
        Step(
            "over SIP",
            "channels.originate",
            {"endpoint": "PJSIP/200@loop", "app": "hello", "channelId": "sip1"},
            200,
            _event("StasisStart", "sip1"),
        ),
        Step("one", "channels.rtpstatistics", {"channelId": "sip1"}),
        Step("without RTP", "channels.rtpstatistics", {"channelId": "c1"}, 403),
        Step("unknown", "channels.rtpstatistics", {"channelId": "nobody"}, 404),
        Step("one", "channels.transfer_progress", _PROGRESS, 204),
        Step("unknown", "channels.transfer_progress", {**_PROGRESS, "channelId": "no"}, 404),
        Step("a bogus one", "channels.transfer_progress", {**_PROGRESS, "states": "no"}, 400),
        Step(
            "to another technology",
            "channels.redirect",
            {"channelId": "sip1", "endpoint": "Local/400@default"},
            422,
        ),
        Step("one", "channels.redirect", {"channelId": "sip1", "endpoint": "PJSIP/alice"}, 204),
        Step(
            "over RTP",
            "channels.externalMedia",
            {
                "channelId": "m1",
                "app": "hello",
                "external_host": "127.0.0.1:9",
                "format": "ulaw",
                "variables": {"MEDIA": "1"},
            },
            200,
            _event("StasisStart", "m1"),
        ),
        Step(
            "of an unknown format",
            "channels.externalMedia",
            {"app": "hello", "external_host": "127.0.0.1:9", "format": "no"},
            500,
        ),
    ]


_PROGRESS = {"channelId": "sip1", "states": "channel_progress"}


def _ends() -> list[Step]:
    return [
        Step(
            "one",
            "channels.continueInDialplan",
            {"channelId": "in1", "context": "default", "extension": "400", "priority": 1},
            204,
            _event("StasisEnd", "in1"),
        ),
        Step("not in it", "channels.continueInDialplan", {"channelId": "c1-far"}, 409),
        *(
            Step(
                f"{channel} at the end",
                "channels.hangup",
                {"channelId": channel},
                204,
                None if channel == "out1" else _event("StasisEnd", channel),
            )
            for channel in ("c1", "c/2", "c3", "in2", "m1", "out1")
        ),
    ]
