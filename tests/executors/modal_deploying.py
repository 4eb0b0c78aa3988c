"""The server of `modal_loopback` with what a deployment asks for: images, mounts and functions are
taken in and looked at, not built.
"""

# ruff: noqa: N802 (the names are Modal's)
import time

from google.protobuf import empty_pb2
from modal_loopback import Service
from modal_proto import api_pb2 as api


class Deploying(Service):
    """Keeps what is deployed in `modal.deployed`."""

    async def EnvironmentGetOrCreate(self, stream):
        await self._take(stream)
        settings = api.EnvironmentSettings(image_builder_version="2025.06")
        metadata = api.EnvironmentMetadata(name="main", settings=settings)
        await stream.send_message(
            api.EnvironmentGetOrCreateResponse(environment_id="en-1", metadata=metadata)
        )

    async def AppGetByDeploymentName(self, stream):
        await self._take(stream)
        await stream.send_message(api.AppGetByDeploymentNameResponse())

    async def AppCreate(self, stream):
        await self._take(stream)
        await stream.send_message(api.AppCreateResponse(app_id="ap-1"))

    async def AppHeartbeat(self, stream):
        await self._take(stream)
        await stream.send_message(empty_pb2.Empty())

    async def AppClientDisconnect(self, stream):
        await self._take(stream)
        await stream.send_message(empty_pb2.Empty())

    async def AppPublish(self, stream):
        asked = await self._take(stream)
        self.modal.tags = dict(asked.tags)
        self.modal.functions = set(asked.function_ids)
        url = "https://modal.com/apps/loopback"
        await stream.send_message(api.AppPublishResponse(url=url, deployed_at=time.time()))

    async def ImageGetOrCreate(self, stream):
        asked = await self._take(stream)
        id = f"im-{len(self.modal.images)}"
        self.modal.images.append(asked.image)
        await stream.send_message(
            api.ImageGetOrCreateResponse(image_id=id, result=_done(), metadata=_image())
        )

    async def MountGetOrCreate(self, stream):
        asked = await self._take(stream)
        self.modal.mounted |= {file.filename for file in asked.files}
        await stream.send_message(api.MountGetOrCreateResponse(mount_id="mo-1"))

    async def MountBatchedCheckExistence(self, stream):
        await self._take(stream)
        await stream.send_message(api.MountBatchedCheckExistenceResponse())

    async def FunctionPrecreate(self, stream):
        asked = await self._take(stream)
        id = f"fu-{asked.function_name}"
        handle = api.FunctionHandleMetadata(function_name=asked.function_name)
        await stream.send_message(
            api.FunctionPrecreateResponse(function_id=id, handle_metadata=handle)
        )

    async def FunctionCreate(self, stream):
        asked = await self._take(stream)
        made = asked.function
        self.modal.deployed[made.function_name] = made
        ranked = api.FunctionData.RankedFunction(rank=0, function=made)
        await stream.send_message(
            api.FunctionCreateResponse(
                function_id=asked.existing_function_id,
                function=made,
                function_data=api.FunctionData(ranked_functions=[ranked]),
                handle_metadata=api.FunctionHandleMetadata(function_name=made.function_name),
            )
        )


def _done() -> api.GenericResult:
    return api.GenericResult(status=api.GenericResult.GENERIC_STATUS_SUCCESS)


def _image() -> api.ImageMetadata:
    return api.ImageMetadata(image_builder_version="2025.06", workdir="/root")
