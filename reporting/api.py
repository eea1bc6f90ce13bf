"""Monthly reports for programs: the same rows and rights as on screen."""

from __future__ import annotations

from django.http import HttpRequest
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

from audit.record import record
from counties.access import find
from counties.decorators import site_view
from counties.permissions import Right
from reporting.models import MonthlyReport


class ReportSerializer(serializers.ModelSerializer):
    """What a report is and where it stands; the figures come with one report at a time."""

    class Meta:
        model = MonthlyReport
        fields = ["id", "month", "version", "status", "due_on", "certified_at", "submitted_at", "reviewed_at"]


class ReportWithFiguresSerializer(ReportSerializer):
    figures = serializers.SerializerMethodField()

    class Meta(ReportSerializer.Meta):
        fields = [*ReportSerializer.Meta.fields, "figures"]

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_figures(self, report: MonthlyReport) -> dict[str, object]:
        """One value per field id, as `manage.py monthly_report --json` prints them."""
        return dict(report.figures.values_list("field", "value"))


@site_view(Right.REPORT_VIEW)
@extend_schema(operation_id="reports_list", responses=ReportSerializer(many=True))
@api_view(["GET"])
def reports(request: HttpRequest, site: str) -> Response:
    """List the site's reports, newest month first."""
    pages = PageNumberPagination()
    page = pages.paginate_queryset(MonthlyReport.objects.visible_to(request.access), request)
    record("report.listed", kind="monthlyreport", ids=[report.pk for report in page], door="api")
    return pages.get_paginated_response(ReportSerializer(page, many=True).data)


@site_view(Right.REPORT_VIEW)
@extend_schema(responses=ReportWithFiguresSerializer)
@api_view(["GET"])
def report(request: HttpRequest, site: str, pk: str) -> Response:
    """Show one report with its figures."""
    found = find(MonthlyReport.objects.visible_to(request.access), pk=pk)
    record("report.viewed", found, door="api")
    return Response(ReportWithFiguresSerializer(found).data)
