"""A server on this machine that speaks Modal's protocol, for the real SDK: what TabRL uses of apps,
functions, queues, volumes and blobs. What is behind it is in `modal_at_work`.
"""

# ruff: noqa: N802 (the names are Modal's)
import asyncio
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from google.protobuf import empty_pb2
from grpclib import GRPCError, Status
from grpclib.server import Server
from modal_at_work import Call, Modal
from modal_proto import api_pb2 as api
from modal_proto.api_grpc import ModalClientBase

from tabrl.executors.modal_orders import ON_CORES, here

BLOCK = 8 * 2**20  # as the SDK cuts a volume's files


class Service:
    """The requests; what is not here is answered with UNIMPLEMENTED."""

    def __init__(self, modal: Modal) -> None:
        self.modal = modal

    async def _take(self, stream: Any) -> Any:
        """The request, where its token is accepted."""
        token = stream.metadata.get("x-modal-token-id", "")
        if token not in self.modal.tokens:
            raise GRPCError(Status.UNAUTHENTICATED, "Token ID is malformed or has expired")
        return await stream.recv_message()

    async def ClientHello(self, stream):
        await self._take(stream)
        await stream.send_message(api.ClientHelloResponse())

    # -- apps and functions ------------------------------------------------------------------------

    async def AppGetOrCreate(self, stream):
        asked = await self._take(stream)
        creates = asked.object_creation_type == api.OBJECT_CREATION_TYPE_CREATE_IF_MISSING
        if self.modal.tags is None and not creates:
            raise GRPCError(Status.NOT_FOUND, f"App '{asked.app_name}' not found")
        await stream.send_message(api.AppGetOrCreateResponse(app_id="ap-1"))

    async def AppGetTags(self, stream):
        await self._take(stream)
        await stream.send_message(api.AppGetTagsResponse(tags=self.modal.tags or {}))

    async def FunctionGet(self, stream):
        asked = await self._take(stream)
        if self.modal.tags is None or asked.object_tag not in self.modal.functions:
            raise GRPCError(
                Status.NOT_FOUND, f"Lookup failed: {asked.app_name}/{asked.object_tag} not found"
            )
        name = asked.object_tag
        ranked = api.FunctionData.RankedFunction(rank=0, function=api.Function(function_name=name))
        await stream.send_message(
            api.FunctionGetResponse(
                function_id=f"fu-{name}",
                handle_metadata=_handle(name),
                function=api.FunctionData(function_name=name, ranked_functions=[ranked]),
            )
        )

    async def FunctionBindParams(self, stream):
        asked = await self._take(stream)
        name = asked.function_id.removeprefix("fu-")
        bound = f"fu-{name}@{asked.function_options.SerializeToString().hex()}"
        await stream.send_message(
            api.FunctionBindParamsResponse(bound_function_id=bound, handle_metadata=_handle(name))
        )

    async def FunctionMap(self, stream):
        asked = await self._take(stream)
        (item,) = asked.pipelined_inputs
        name, _, options = asked.function_id.removeprefix("fu-").partition("@")
        pickled = self.modal.blobs.get(item.input.args_blob_id) or item.input.args
        call = Call(f"fc-{len(self.modal.calls) + 1}", name, pickled)
        if options:
            call.options = api.FunctionOptions.FromString(bytes.fromhex(options))
        self.modal.spawn(call)
        await stream.send_message(
            api.FunctionMapResponse(
                function_call_id=call.id,
                pipelined_inputs=[
                    api.FunctionPutInputsResponseItem(idx=0, input_id=f"in-{call.id}")
                ],
            )
        )

    async def FunctionGetOutputs(self, stream):
        asked = await self._take(stream)
        call = self.modal.calls.get(asked.function_call_id)
        if call is None:
            raise GRPCError(Status.NOT_FOUND, "No such function call")
        await _until(lambda: call.result is not None, asked.timeout)
        if call.result is None:
            await stream.send_message(api.FunctionGetOutputsResponse(num_unfinished_inputs=1))
            return
        output = api.FunctionGetOutputsItem(
            result=call.result, idx=0, data_format=api.DATA_FORMAT_PICKLE
        )
        await stream.send_message(api.FunctionGetOutputsResponse(outputs=[output], idxs=[0]))

    async def FunctionCallCancel(self, stream):
        asked = await self._take(stream)
        call = self.modal.calls[asked.function_call_id]
        await asyncio.to_thread(self.modal.cancel, call)
        await stream.send_message(empty_pb2.Empty())

    # -- queues ------------------------------------------------------------------------------------

    async def QueueGetOrCreate(self, stream):
        await self._take(stream)
        await stream.send_message(api.QueueGetOrCreateResponse(queue_id="qu-1"))

    async def QueuePut(self, stream):
        asked = await self._take(stream)
        if not (self.modal.lossy and not asked.partition_key.endswith(b"-orders")):
            self.modal.queues[asked.partition_key].extend(asked.values)
        await stream.send_message(empty_pb2.Empty())

    async def QueueGet(self, stream):
        asked = await self._take(stream)
        items = self.modal.queues[asked.partition_key]
        await _until(lambda: bool(items), asked.timeout)
        count = max(1, asked.n_values)
        values, items[:count] = items[:count], []
        await stream.send_message(api.QueueGetResponse(values=values))

    # -- volumes and blobs -------------------------------------------------------------------------

    async def VolumeGetOrCreate(self, stream):
        await self._take(stream)
        version = api.VolumeFsVersion.VOLUME_FS_VERSION_V2
        await stream.send_message(
            api.VolumeGetOrCreateResponse(
                volume_id="vo-1", version=version, metadata=api.VolumeMetadata(version=version)
            )
        )

    async def VolumeCommit(self, stream):
        await self._take(stream)
        mount = self.modal.containers[stream.metadata["x-modal-token-id"]]
        await asyncio.to_thread(shutil.copytree, mount, self.modal.volume, dirs_exist_ok=True)
        await stream.send_message(api.VolumeCommitResponse(skip_reload=True))

    async def VolumeListFiles2(self, stream):
        asked = await self._take(stream)
        root = self.modal.volume / asked.path
        if not root.exists():
            raise GRPCError(Status.NOT_FOUND, f"{asked.path} not found")
        found = [root] if root.is_file() else root.rglob("*") if asked.recursive else root.iterdir()
        await stream.send_message(api.VolumeListFiles2Response(entries=map(self._entry, found)))

    async def VolumeGetFile2(self, stream):
        asked = await self._take(stream)
        path = self.modal.volume / asked.path
        if not path.is_file():
            raise GRPCError(Status.NOT_FOUND, f"{asked.path} not found")
        content = path.read_bytes()
        key = f"file-{len(self.modal.blobs)}"
        self.modal.blobs[key] = content
        blocks = range(0, len(content), BLOCK)
        urls = [f"{self.modal.blobs_url}/{key}?at={at}" for at in blocks]
        size = len(content)
        await stream.send_message(
            api.VolumeGetFile2Response(get_urls=urls, size=size, start=0, len=size)
        )

    async def VolumeRemoveFile2(self, stream):
        asked = await self._take(stream)
        shutil.rmtree(self.modal.volume / asked.path)
        await stream.send_message(empty_pb2.Empty())

    async def BlobCreate(self, stream):
        await self._take(stream)
        key = f"blob-{time.monotonic_ns()}"
        urls = {"items": [f"{self.modal.blobs_url}/{key}"]}
        await stream.send_message(api.BlobCreateResponse(blob_ids=[key], upload_urls=urls))

    def _entry(self, path: Path) -> api.FileEntry:
        kinds = api.FileEntry
        return api.FileEntry(
            path=path.relative_to(self.modal.volume).as_posix(),
            type=kinds.DIRECTORY if path.is_dir() else kinds.FILE,
            size=path.stat().st_size,
        )


def _handle(name: str) -> api.FunctionHandleMetadata:
    return api.FunctionHandleMetadata(
        function_name=name,
        function_type=api.Function.FUNCTION_TYPE_FUNCTION,
        supported_input_formats=[api.DATA_FORMAT_PICKLE],
        supported_output_formats=[api.DATA_FORMAT_PICKLE],
    )


async def _until(true: Any, timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not true() and time.monotonic() < deadline:
        await asyncio.sleep(0.02)


def _service(modal: Modal, base: type = Service) -> Any:
    def unimplemented(name: str) -> Any:
        async def answer(self, stream):
            raise GRPCError(Status.UNIMPLEMENTED, f"the loopback has no {name}")

        return answer

    names = ModalClientBase.__abstractmethods__
    missing = {name: unimplemented(name) for name in names if not hasattr(base, name)}
    return type("Whole", (base, ModalClientBase), missing)(modal)


async def _blobs(modal: Modal) -> web.AppRunner:
    async def put(request: web.Request) -> web.Response:
        content = modal.blobs[request.match_info["key"]] = await request.read()
        return web.Response(headers={"ETag": md5(content).hexdigest()})

    async def get(request: web.Request) -> web.Response:
        at = int(request.query.get("at", 0))
        return web.Response(body=modal.blobs[request.match_info["key"]][at : at + BLOCK])

    app = web.Application(client_max_size=2**30)
    app.router.add_put("/{key}", put)
    app.router.add_get("/{key}", get)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", modal.http_port).start()
    return runner


@contextmanager
def loopback(folder: Path, service: type = Service, **env: str) -> Iterator[Modal]:
    """A Modal whose containers have these variables."""
    modal = Modal(folder, env)
    loop, ready = asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        server = Server([_service(modal, service)])
        runner = await _blobs(modal)
        await server.start("127.0.0.1", modal.grpc_port)
        ready.set()
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            await runner.cleanup()

    task = loop.create_task(serve())
    thread = threading.Thread(target=lambda: _quietly(loop, task), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield modal
    finally:
        modal.close()
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)


@pytest.fixture
def at_modal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Modal]:
    """A Modal with the app, for which this process has a token."""
    with loopback(tmp_path / "modal") as modal:
        modal.tags, modal.functions = here(), {ON_CORES}
        for name, value in modal.keys.items():
            monkeypatch.setenv(name, value)
        yield modal


def _quietly(loop: asyncio.AbstractEventLoop, task: asyncio.Task) -> None:
    try:
        loop.run_until_complete(task)
    except asyncio.CancelledError:
        pass
    finally:
        loop.close()
